import Graph

/// Gives buffers and kernels C identifiers made of the names in the user's model: `discriminator_conv1_real`,
/// `grad_discriminator_conv1_weight`, never `tmp_417`.
struct NameTable {
    let prefix: String
    private var taken: [String: Int] = [:]
    private var takenKernels: [String: Int] = [:]

    init(prefix: String) { self.prefix = prefix }

    /// A name that says what `node` holds, not yet made unique.
    func stem(of node: Node) -> String {
        var words = [String](repeating: "grad", count: node.origin.order)
        words.append(Self.identifier(node.origin.name))
        switch node.op {
        case .convolutionWeightGradient: words.append("weight")
        case .convolutionInputGradient where node.origin.order > 0: words.append("input")
        case .matmul(true, _) where node.origin.order > 0: words.append("weight")
        case .matmul(_, true) where node.origin.order > 0: words.append("input")
        case .reduceSum where node.origin.order > 0: words.append("sum")
        case .oneHot: words.append("one_hot")
        case .concatenate(0): words.append("joined")
        case .gatherRows, .scatterAddRows: words.append("rows")
        case .maxPoolIndex: words.append("position")
        default: break
        }
        return words.joined(separator: "_")
    }

    /// `name` as a C identifier no other buffer of the function has; `detail` is added before a number is.
    mutating func unique(_ name: String, detail: String? = nil) -> String {
        let plain = Self.identifier(name)
        guard let detail, taken[plain] != nil else { return Self.unique(plain, &taken) }
        return Self.unique(plain + "_" + detail, &taken)
    }

    /// What tells the part of a concatenation from the whole: `with_rows` of `discriminator_inputs1_real_rows` in
    /// `discriminator_inputs1_real`.
    static func difference(of part: String, from whole: String) -> String {
        let (words, known) = (part.split(separator: "_"), whole.split(separator: "_"))
        let shared = zip(words, known).prefix { $0 == $1 }.count
        return shared == words.count ? "part" : "with_" + words[shared...].joined(separator: "_")
    }

    /// A word for what `op` computes, where the origin alone does not tell two buffers apart.
    static func detail(of op: Op) -> String? {
        switch op {
        case .unary(let function): String(function.row.name.prefix { $0 != "(" })
        case .binary(let function):
            switch function {
            case .add: "sum"
            case .subtract: "difference"
            case .multiply: "product"
            case .divide: "quotient"
            case .maximum: "greater"
            case .minimum: "lesser"
            case .greater, .greaterOrEqual, .equal: "comparison"
            }
        case .select: "choice"
        case .reduceSum: "sum"
        case .reduceMax: "max"
        case .concatenate: "joined"
        case .slice: "slice"
        case .pad: "padded"
        case .transpose: "transposed"
        case .broadcast: "spread"
        default: nil
        }
    }

    /// The name of a kernel that computes the buffer `name`.
    mutating func kernel(_ name: String) -> String { Self.unique(prefix + "_" + name, &takenKernels) }

    /// Letters, digits and underscores of `name`; everything else becomes an underscore.
    static func identifier(_ name: String) -> String {
        var result = ""
        for character in name {
            let isWord = character.isASCII && (character.isLetter || character.isNumber)
            if isWord { result.append(character) } else if result.last != "_" { result.append("_") }
        }
        while result.last == "_" { result.removeLast() }
        if result.isEmpty || result.first!.isNumber { result = "x" + result }
        return result
    }

    /// Words that mean something inside an emitted kernel: C's own, and the names of its parameters and locals.
    private static let reserved: Set<String> = [
        "auto", "break", "case", "char", "const", "continue", "default", "do", "double", "else", "enum", "extern",
        "float", "for", "goto", "if", "inline", "int", "long", "register", "restrict", "return", "short", "signed",
        "sizeof", "static", "struct", "switch", "typedef", "union", "unsigned", "void", "volatile", "while", "real",
        "first", "last", "part", "out", "task", "lane", "lanes", "start", "width", "total", "totals", "f", "i", "j",
        "k",
        "l", "m", "n", "o", "p", "q",
    ]

    private static func unique(_ name: String, _ taken: inout [String: Int]) -> String {
        var candidate = reserved.contains(name) ? name + "_tensor" : name
        while let count = taken[candidate] {
            taken[candidate] = count + 1
            candidate = "\(name)_\(count + 1)"
        }
        taken[candidate] = 1
        return candidate
    }
}
