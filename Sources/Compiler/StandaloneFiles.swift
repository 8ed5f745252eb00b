import Emission
import Templates

/// A model as a folder that builds with `make` and trains from IDX files, with no Swift on the machine.
public struct StandaloneFiles: Sendable {
    /// One file of the folder.
    public struct File: Sendable {
        /// Its name inside the folder.
        public var name: String
        /// Its whole text.
        public var text: String
    }

    /// The model's source and header, the program around them, and the makefile, in the order to read them.
    public let files: [File]

    /// The folder of `model`.
    ///
    /// - Throws: what is wrong with a template.
    public init(_ model: EmittedModel) throws {
        let name = model.file
        let makefile = try TemplateRendering.render(
            "makefile.mustache",
            [
                "title": model.manifest.model, "file": name,
                "options": BuildOptions.compiling.joined(separator: " "),
                "libraries": model.libraries.joined(separator: " "),
                "needs": model.callsBLAS ? "make, a C compiler and OpenBLAS" : "make and a C compiler",
            ])
        // In the template the program includes a header that no model has, so that it stays an ordinary C file.
        let main = Templates.text("main.c").replacing("model.h", with: "\(name).h")
        files = [
            File(name: "\(name).h", text: model.header), File(name: "\(name).c", text: model.source),
            File(name: "main.c", text: main), File(name: "Makefile", text: makefile),
        ]
    }
}
