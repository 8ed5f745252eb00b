/// Those of `names` that a slip of the hand could have turned into `name`, the nearest first.
func nearNames(to name: String, among names: [String]) -> [String] {
    let name = name.lowercased()
    let limit = max(1, name.count / 3)
    let rated = names.map { (name: $0, distance: $0.hasPrefix(name) ? 0 : editDistance(name, $0)) }
    return rated.filter { $0.distance <= limit }.sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }
        .prefix(2).map(\.name)
}

/// How many insertions, deletions and replacements lead from `a` to `b` (Levenshtein).
///
/// - Complexity: the product of the lengths.
func editDistance(_ a: String, _ b: String) -> Int {
    let b = Array(b)
    var row = Array(0...b.count)
    for (i, x) in a.enumerated() {
        var diagonal = row[0]
        row[0] = i + 1
        for (j, y) in b.enumerated() {
            let replaced = diagonal + (x == y ? 0 : 1)
            diagonal = row[j + 1]
            row[j + 1] = min(replaced, row[j] + 1, diagonal + 1)
        }
    }
    return row[b.count]
}
