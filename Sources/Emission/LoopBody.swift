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
    private var texts: [Int: Spelling] = [:]

    /// An expression, and how closely the parts of it are bound.
    private struct Spelling {
        enum Binding { case choice, sum, product, signed, atom }
        var text: String
        var binding: Binding

        init(_ text: String, _ binding: Binding) {
            self.text = text
            self.binding = binding
        }
    }

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
        func unusedName(_ word: String) -> String {
            var name: String
            repeat {
                counts[word, default: 0] += 1
                name = "\(word)\(counts[word]!)"
            } while bufferNames.contains(name)
            return name
        }
        for (index, instruction) in nest.body.enumerated() {
            if case .load(let access, let guards) = instruction, access.isIndependent(of: guards) {
                // The element is there whether or not it is wanted; a load under a condition would keep the loop over the
                // guarded axis from vectorising.
                let name = unusedName(instruction.word)
                let loadDepth = access.element.terms.lastIndex { $0 != 0 } ?? -1
                declarations.append((loadDepth, "const \(elementType) \(name) = \(self.access(access));"))
                texts[index] = Spelling("\(spell(guards)) ? \(name) : 0", .choice)
                continue
            }
            let isInvariant = depth[index] < depth[nest.result] && !instruction.isConstant
            let isLoad = if case .load(_, let guards) = instruction { guards.isEmpty } else { false }
            let isShared = uses[index] > 1 && !instruction.isConstant
            var text = spell(instruction)
            let isUsedDeeper = isInvariant && !(isLoad && depth[index] >= 0 && uses[index] == 1)
            if isShared || isUsedDeeper || (text.text.count > Self.longest && index != nest.result) {
                let name = unusedName(instruction.word)
                names[index] = name
                declarations.append((depth[index], "const \(elementType) \(name) = \(text.text);"))
                text = Spelling(name, .atom)
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

    /// `out[i * 64 + j]`: where the result goes.
    var store: String { "out[\(spell(nest.store.element))]" }

    /// `name[i * 64 + j]`.
    private func access(_ access: Access) -> String {
        let name = access.buffer == nest.store.buffer ? "out" : buffers.function.buffers[access.buffer.index].name
        return "\(name)[\(spell(access.element))]"
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
            // One comparison finds coordinates on both sides of the extent, where there can be any below it.
            let isNeverNegative = item.coordinate.base >= 0 && item.coordinate.terms.allSatisfy { $0 >= 0 }
            return isNeverNegative ? "\(coordinate) < \(item.extent)" : "(uint64_t)(\(coordinate)) < \(item.extent)"
        }.joined(separator: " && ")
    }

    /// An operand's text, in parentheses unless it is bound as closely as one of `bindings`.
    private func operand(_ index: Int, _ bindings: Spelling.Binding...) -> String {
        let spelling = texts[index]!
        return bindings.contains(spelling.binding) ? spelling.text : "(\(spelling.text))"
    }

    /// An operand's text, in parentheses if it chooses between two values.
    private func unlessChoice(_ index: Int) -> String { operand(index, .sum, .product, .signed, .atom) }

    private func spell(_ instruction: Instruction) -> Spelling {
        switch instruction {
        case .load(let access, let guards):
            let load = self.access(access)
            return guards.isEmpty ? Spelling(load, .atom) : Spelling("\(spell(guards)) ? \(load) : 0", .choice)
        case .constant(let value):
            let text = CLiteral.real(value)
            return Spelling(text, text.hasPrefix("-") ? .signed : .atom)
        case .unary(let function, let x):
            let row = function.row.c
            // A call separates its arguments by itself; an operator needs an atom.
            let isCall = row.hasSuffix(")")
            let text = row.replacing("$x", with: isCall ? texts[x]!.text : operand(x, .atom))
            return Spelling(text, isCall ? .atom : .signed)
        case .binary(let function, let a, let b):
            let (left, right, binding): (String, String, Spelling.Binding) =
                switch function {
                case .add, .subtract: (unlessChoice(a), operand(b, .product, .atom), .sum)
                case .multiply, .divide:
                    (operand(a, .product, .signed, .atom), operand(b, .signed, .atom), .product)
                case .maximum, .minimum: (texts[a]!.text, texts[b]!.text, .atom)
                case .greater, .greaterOrEqual, .equal: (unlessChoice(a), unlessChoice(b), .atom)
                }
            return Spelling(function.row.c.replacing("$a", with: left).replacing("$b", with: right), binding)
        case .select(let condition, let a, let b):
            return Spelling("\(unlessChoice(condition)) != 0 ? \(unlessChoice(a)) : \(unlessChoice(b))", .choice)
        case .guarded(let guards, let x):
            return Spelling("\(spell(guards)) ? \(unlessChoice(x)) : 0", .choice)
        }
    }
}

extension Access {
    /// True where there are guards, each over indices that the element does not depend on.
    fileprivate func isIndependent(of guards: [Guard]) -> Bool {
        !guards.isEmpty
            && guards.allSatisfy { item in
                let guarded = item.coordinate.terms.indices.filter { item.coordinate.terms[$0] != 0 }
                return !guarded.isEmpty && guarded.allSatisfy { element.terms[$0] == 0 }
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
