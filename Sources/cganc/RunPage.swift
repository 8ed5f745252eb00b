import CGAN
import Diagnosis
import Mending
import Reporting
import Training

extension RunFolder {
    /// Writes the page about the run; what is wrong with it is printed, since the run itself is done.
    ///
    /// - Parameter observer: what has watched the run already; by default its metrics are read again.
    /// - Returns: the page's path; nil if it could not be written.
    func writePage(of program: Program, _ identity: RunIdentity, observer: RunObserver? = nil) -> String? {
        do {
            let record = try RunRecord(self, program: program, examples: identity.examples, observer: observer)
            let settings = [
                ("data", identity.data), ("seed", String(identity.seed)), ("precision", identity.precision.rawValue),
                ("steps done", String(record.step)), ("cganc", Version.current),
            ]
            return try RunPage(
                record, source: ModelSource(of: program, in: self), mends: try MendReport.read(from: self),
                settings: settings.map { (name: $0.0, value: $0.1) }
            ).write()
        } catch {
            if let text = ErrorReport.text(of: error) {
                ErrorReport.print(
                    text.replacing("error: ", with: "note: the report is not written: ", maxReplacements: 1))
            }
            return nil
        }
    }
}
