import ArgumentParser
import CABI
import CGAN
import Training

/// `cganc version`.
struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "version", abstract: "Print the version.")

    func run() {
        print("cganc \(Version.current) (C interface \(CGANC_ABI_VERSION), programs \(Program.currentVersion))")
    }
}
