import Graph
import Lowering

/// Spells the arithmetic of a loop nest: which values become named variables, at which depth of the loops each of them
/// is computed, and the expressions of the rest.
struct LoopBody {
    let nest: LoopNest
    let buffers: BufferSpelling
    /// The C names of the loop indices, by axis.
    let indices: [String]
    /// The innermost axis each instruction depends on; −1 for none.
    private(set) var depth: [Int]
    private var uses: [Int]
    private var names: [Int: String] = [:]
    private var texts: [Int: (text: String, isAtom: Bool)] = [:]

    /// A longer expression is given a name of its own.
    private static let longest = 84

    init(_ nest: LoopNest, buffers: BufferSpelling, indices: [String]) {
        self.nest = nest
        self.buffers = buffers
        self.indices = indices
        depth = []
        uses = [Int](repeating: 0, count: nest.body.count)
        uses[nest.result] += 1
        for instruction in nest.body {
            func reach(_ guards: [Guard]) -> Int {
                guards.map { $0.coordinate.terms.lastIndex { $0 != 0 } ?? -1 }.max() ?? -1
            }
            switch instruction {
            case .load(let access, let guards):
                depth.append(max(access.element.terms.lastIndex { $0 != 0 } ?? -1, reach(guards)))
            case .constant: depth.append(-1)
            case .unary(_, let x): depth.append(depth[x])
            case .binary(_, let a, let b): depth.append(max(depth[a], depth[b]))
            case .select(let c, let a, let b): depth.append(max(depth[c], depth[a], depth[b]))
            case .guarded(let guards, let x): depth.append(max(depth[x], reach(guards)))
            }
            for operand in instruction.operands { uses[operand] += 1 }
        }
        var counts: [String: Int] = [:]
        let bufferNames = Set(buffers.function.buffers.map(\.name))
        for (index, instruction) in nest.body.enumerated() {
            let isInvariant = depth[index] < depth[nest.result] && !instruction.isConstant
            let isLoad = if case .load(_, let guards) = instruction { guards.isEmpty } else { false }
            let isShared = uses[index] > 1 && !instruction.isConstant
            var text = spell(instruction)
            let isUsedDeeper = isInvariant && !(isLoad && depth[index] >= 0 && uses[index] == 1)
            if isShared || isUsedDeeper || text.text.count > Self.longest {
                let word = instruction.word
                var name: String
                repeat {
                    counts[word, default: 0] += 1
                    name = "\(word)\(counts[word]!)"
                } while bufferNames.contains(name)
                names[index] = name
                declarations.append((depth[index], "const \(elementType) \(name) = \(text.text);"))
                text = (name, true)
            }
            texts[index] = text
        }
    }

    /// Variable declarations with the axis inside whose loop they stand (−1: before all loops).
    private(set) var declarations: [(depth: Int, text: String)] = []

    /// The expression of the nest's result.
    var result: String { texts[nest.result]!.text }

    private var elementType: String { buffers.element(nest.store.buffer) }

    /// The declarations that belong directly inside the loop over `axis`.
    func declarations(inside axis: Int) -> [String] { declarations.filter { $0.depth == axis }.map(\.text) }

    /// `name[i * 64 + j]`.
    func access(_ access: Access) -> String {
        "\(buffers.function.buffers[access.buffer.index].name)[\(spell(access.element))]"
    }

    private func spell(_ affine: Affine) -> String {
        var parts: [String] = []
        for (term, index) in zip(affine.terms, indices) where term != 0 {
            parts.append(term == 1 ? index : "\(index) * \(term)")
        }
        var text = parts.joined(separator: " + ")
        if text.isEmpty { return "\(affine.base)" }
        if affine.base > 0 { text += " + \(affine.base)" }
        if affine.base < 0 { text += " - \(-affine.base)" }
        return text
    }

    private func spell(_ guards: [Guard]) -> String {
        guards.map { item in
            let coordinate = spell(item.coordinate)
            return "(uint64_t)(\(coordinate)) < \(item.extent)"
        }.joined(separator: " && ")
    }

    private func atom(_ index: Int) -> String {
        let text = texts[index]!
        return text.isAtom ? text.text : "(\(text.text))"
    }

    private func spell(_ instruction: Instruction) -> (text: String, isAtom: Bool) {
        switch instruction {
        case .load(let access, let guards):
            let load = self.access(access)
            return guards.isEmpty ? (load, true) : ("(\(spell(guards)) ? \(load) : 0)", true)
        case .constant(let value):
            return (CLiteral.real(value), value >= 0)
        case .unary(let function, let x):
            let row = function.row.c
            // A call separates its arguments by itself; an operator needs an atom.
            let isCall = row.hasSuffix(")")
            return (row.replacing("$x", with: isCall ? texts[x]!.text : atom(x)), isCall)
        case .binary(let function, let a, let b):
            let row = function.row.c
            return (row.replacing("$a", with: atom(a)).replacing("$b", with: atom(b)), row.hasSuffix(")"))
        case .select(let condition, let a, let b):
            return ("(\(atom(condition)) != 0 ? \(atom(a)) : \(atom(b)))", true)
        case .guarded(let guards, let x):
            return ("(\(spell(guards)) ? \(atom(x)) : 0)", true)
        }
    }
}

extension Instruction {
    /// Earlier instructions that this one uses.
    var operands: [Int] {
        switch self {
        case .load, .constant: []
        case .unary(_, let x), .guarded(_, let x): [x]
        case .binary(_, let a, let b): [a, b]
        case .select(let c, let a, let b): [c, a, b]
        }
    }

    var isConstant: Bool { if case .constant = self { true } else { false } }

    /// What a variable that holds the value is called.
    fileprivate var word: String {
        switch self {
        case .load: "value"
        case .constant: "constant"
        case .unary(let function, _): String(function.row.name.prefix { $0 != "(" }) + "_"
        case .binary(let function, _, _):
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
        case .guarded: "padded"
        }
    }
}
