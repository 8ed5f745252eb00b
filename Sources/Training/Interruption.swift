import Foundation

/// Set by the signal handler, read between two steps.
nonisolated(unsafe) private var interruptionIsWished: sig_atomic_t = 0

/// The handler of the signals: notes the wish, and leaves the next one to the system.
private func noteInterruption(_ number: Int32) {
    interruptionIsWished = 1
    signal(number, SIG_DFL)
}

/// A wish to stop (Ctrl-C, or the system's SIGTERM), heard between two steps. The second one ends the process at once.
enum Interruption {
    /// True once a wish was heard.
    static var isWished: Bool { interruptionIsWished != 0 }

    /// Begins to listen, with no wish yet.
    static func listen() {
        interruptionIsWished = 0
        signal(SIGINT, noteInterruption)
        signal(SIGTERM, noteInterruption)
    }

    /// Leaves the signals to the system again.
    static func stopListening() {
        signal(SIGINT, SIG_DFL)
        signal(SIGTERM, SIG_DFL)
    }
}
