/// `name(first, label: second)`, in tokens of a ``ModelText``.
struct Call {
    /// The name's place.
    var name: Int
    /// Those of the parentheses.
    var open, close: Int
    var arguments: [Argument]

    /// One argument.
    struct Argument {
        var label: String?
        /// The value's tokens.
        var value: Range<Int>
        /// The label's, if any, and the value's.
        var whole: Range<Int>
    }

    /// The argument with `label`; nil is that without one.
    func argument(_ label: String?) -> Argument? { arguments.first { $0.label == label } }
}

extension ModelText {
    /// The call whose name is at `name`; nil if no parenthesis follows it.
    func call(at name: Int) -> Call? {
        guard name + 1 < tokens.count, tokens[name].kind == .word, tokens[name + 1].text == "(" else { return nil }
        let (open, close) = (name + 1, partner(of: name + 1))
        return Call(name: name, open: open, close: close, arguments: arguments(in: open + 1..<close))
    }

    private func arguments(in range: Range<Int>) -> [Call.Argument] {
        var arguments: [Call.Argument] = []
        var start = range.lowerBound
        var index = start
        func close(at end: Int) {
            guard end > start else { return }
            let isLabelled = end - start > 2 && tokens[start].kind == .word && tokens[start + 1].text == ":"
            arguments.append(
                Call.Argument(
                    label: isLabelled ? tokens[start].text : nil, value: (isLabelled ? start + 2 : start)..<end,
                    whole: start..<end))
        }
        while index < range.upperBound {
            if tokens[index].text == "," {
                close(at: index)
                start = index + 1
            }
            index = after(index)
        }
        close(at: range.upperBound)
        return arguments
    }

    /// The calls of a chain: of `Training(…).discriminator(…)` both, of `Objective.hinge()` or `.hinge()` the one; nil if
    /// `range` is anything else.
    func chain(in range: Range<Int>) -> [Call]? {
        var index = range.lowerBound
        if index < range.upperBound, tokens[index].text == "return" { index += 1 }
        var calls: [Call] = []
        while index < range.upperBound {
            if tokens[index].text == "." {
                index += 1
            } else if index > range.lowerBound, tokens[index - 1].text != "return" {
                return nil
            }
            guard index < range.upperBound, tokens[index].kind == .word else { return nil }
            if let call = call(at: index) {
                calls.append(call)
                index = call.close + 1
            } else {
                // A type's name, before its member.
                guard calls.isEmpty, index + 1 < range.upperBound, tokens[index + 1].text == "." else { return nil }
                index += 1
            }
        }
        return calls.isEmpty ? nil : calls
    }
}
