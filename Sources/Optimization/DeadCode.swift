import Graph

/// Leaves out what no output depends on.
///
///     %0 = parameter<a> [2]
///     %1 = tanh(%0) [2]       →   %0 = parameter<a> [2]
///     %2 = square(%0) [2]         %1 = square(%0) [2]
///     output loss = %2            output loss = %1
public let deadCode = Pass("dead-code", rule: { _, _ in nil })
