import Graph
import Lowering

/// How a function's buffers are spelled in C: a block of the frame and a named place in it.
struct BufferSpelling {
    let function: Function

    /// The name of a transient buffer's place in the arena.
    func place(_ id: BufferID) -> String { "\(function.prefix)_at_\(function.buffers[id.index].name)" }

    /// The place of a trained tensor's gradient among all.
    static func gradientPlace(_ tensor: String) -> String { "gradient_at_\(CLiteral.identifier(tensor))" }

    /// The place of the loss or a tracked value among the phase's.
    func value(_ index: Int) -> String { "\(function.prefix)_at_value_\(CLiteral.identifier(function.values[index]))" }

    /// An expression for the buffer's first element.
    func pointer(_ id: BufferID) -> String {
        let buffer = function.buffers[id.index]
        let block: String
        switch buffer.storage {
        case .parameter(let name): block = "f->parameters + parameter_at_\(CLiteral.identifier(name))"
        case .gradient(let name): block = "f->gradients + \(Self.gradientPlace(name))"
        case .renewed(let name): block = "f->renewed + renewed_at_\(CLiteral.identifier(name))"
        case .value(let index): block = "f->values + \(value(index))"
        case .argument(let index): return "f->arguments[\(index)]"
        case .result(let index): return "f->results[\(index)]"
        case .transient: block = "f->arena + \(place(id))"
        case .part(let whole, let offset):
            guard function.plan.offsets[id.index] == nil else {
                block = "f->arena + \(place(id))"
                break
            }
            let start = pointer(whole)
            let isArgument = start.hasPrefix("f->arguments") || start.hasPrefix("f->results")
            let element = buffer.type.element == .index ? "int32_t" : "real"
            return isArgument
                ? "(const \(element) *)\(start) + \(offset)".replacing(
                    "(const \(element) *)f->results", with: "(\(element) *)f->results")
                : "\(start) + \(offset)"
        }
        return buffer.type.element == .index ? "(int32_t *)(\(block))" : block
    }

    /// `const real *` or `const int32_t *`.
    func type(_ id: BufferID, isConstant: Bool) -> String {
        let element = function.buffers[id.index].type.element == .index ? "int32_t" : "real"
        return isConstant ? "const \(element) *" : "\(element) *"
    }

    /// The element type's name.
    func element(_ id: BufferID) -> String { function.buffers[id.index].type.element == .index ? "int32_t" : "real" }
}
