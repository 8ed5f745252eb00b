internal import Foundation

extension ConditionalGAN {
    /// Evaluates the model for cganc, which runs a model file as `swift build` runs a `Package.swift`: the program goes
    /// as JSON to the file descriptor that `CGANC_PROGRAM_FD` names, so that the file's own `print`s disturb nothing.
    public static func main() {
        let environment = ProcessInfo.processInfo.environment
        guard let descriptor = environment["CGANC_PROGRAM_FD"].flatMap(Int32.init), descriptor > 2 else {
            print(
                """
                This is a model, evaluated by cganc. Give cganc the file it was made of:
                    cganc compile \(Self.self).swift
                    cganc train \(Self.self).swift
                """)
            return
        }
        let evaluation = Evaluation(
            of: Self(), batch: environment["CGANC_BATCH"].flatMap { Int($0) }, file: environment["CGANC_MODEL_FILE"])
        do {
            let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
            try handle.write(contentsOf: Data(evaluation.json()))
        } catch {
            print("the program could not be handed to cganc: \(error.localizedDescription)")
            exit(1)
        }
    }
}
