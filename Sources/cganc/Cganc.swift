import ArgumentParser
import Foundation

/// The command line.
@main
struct Cganc: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cganc",
        abstract: "Compiles conditional GANs written in Swift to C, and trains them.",
        discussion: """
            MODEL is the name of a shipped model (cganc list), a .swift file, or a saved program (.json).
            """,
        subcommands: [
            ListCommand.self, InitCommand.self, CheckCommand.self, CompileCommand.self, SummaryCommand.self,
            TrainCommand.self, DiagnoseCommand.self, ArticleCommand.self, SampleCommand.self, TimeCommand.self,
            ProfileCommand.self, TuneCommand.self, DumpCommand.self, ExplainCommand.self, VersionCommand.self,
        ])

    static func main() async {
        // A file that may grow no further (`ulimit -f`) is then an error like a full disk, not the end of the process.
        signal(SIGXFSZ, SIG_IGN)
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            guard let text = ErrorReport.text(of: error) else { exit(withError: error) }
            ErrorReport.print(text)
            exit(withError: ExitCode.failure)
        }
    }
}
