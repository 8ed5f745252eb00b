import CGAN
import Graph
import Lowering
import Templates

/// A model as C: what `cganc compile` writes.
public struct EmittedModel: Sendable {
    /// The files' name without ending: `dcgan_wgan_gp`.
    public var file: String
    /// The text of the `.c` file.
    public var source: String
    /// The text of the `.h` file.
    public var header: String
    /// What the library will say of itself.
    public var manifest: Manifest
    /// What the C has to be linked with.
    public var libraries: [String]

    /// True if the C calls OpenBLAS.
    public var callsBLAS: Bool { libraries.contains(BuildOptions.blas) }

    /// Prints a lowered program.
    public init(_ lowered: LoweredProgram) throws {
        file = CLiteral.identifier(lowered.program.name)
        manifest = Manifest(lowered)
        libraries = (lowered.callsBLAS ? [BuildOptions.blas] : []) + BuildOptions.libraries
        let title = "\(lowered.program.name): a training step of a conditional GAN"
        header = try HeaderEmitter(lowered: lowered, manifest: manifest, file: file).render()
        let emitter = ModelEmitter(lowered: lowered, manifest: manifest, file: file)
        source = try TemplateRendering.render(
            "model.mustache",
            [
                "title": title, "file": file, "summary": emitter.summary,
                "phases": lowered.phases.map { ["name": $0.phase.name] },
                "runtime": emitter.runtimeText, "places": emitter.places, "functions": emitter.functions,
                "tables": try emitter.tables(), "shell": Templates.text("shell.c"),
                "options": BuildOptions.compiling.joined(separator: " "),
                "libraries": libraries.joined(separator: " "),
            ])
    }
}
