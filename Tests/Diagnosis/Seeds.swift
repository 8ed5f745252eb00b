import Foundation

/// The seeds of a random test: `standard`, unless `CGANC_SEEDS=400-5000` widens the search.
func seeds(_ standard: Range<UInt64>) -> Range<UInt64> {
    let limits = ProcessInfo.processInfo.environment["CGANC_SEEDS"]?.split(separator: "-").compactMap { UInt64($0) }
    return limits.map { $0.count == 2 && $0[0] < $0[1] ? $0[0]..<$0[1] : standard } ?? standard
}
