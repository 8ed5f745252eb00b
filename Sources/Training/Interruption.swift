import Foundation
import Synchronization

/// Set by the signal handler, read between two steps.
nonisolated(unsafe) private var interruptionIsWished: sig_atomic_t = 0

/// The handler of the signals: notes the wish, and leaves the next one to the system.
private func noteInterruption(_ number: Int32) {
    interruptionIsWished = 1
    signal(number, SIG_DFL)
}

/// A wish to stop (Ctrl-C, or the system's SIGTERM), heard between two steps by every run of the process. The second one
/// ends the process at once.
enum Interruption {
    /// How many runs listen.
    private static let listeners = Mutex(0)

    /// True once a wish was heard.
    static var isWished: Bool { interruptionIsWished != 0 }

    /// Begins to listen; the first that does begins with no wish.
    static func listen() {
        listeners.withLock { count in
            count += 1
            guard count == 1 else { return }
            interruptionIsWished = 0
            signal(SIGINT, noteInterruption)
            signal(SIGTERM, noteInterruption)
        }
    }

    /// Leaves the signals to the system again when nobody else listens.
    static func stopListening() {
        listeners.withLock { count in
            count -= 1
            guard count == 0 else { return }
            signal(SIGINT, SIG_DFL)
            signal(SIGTERM, SIG_DFL)
        }
    }
}
