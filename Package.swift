// swift-tools-version: 6.1
import PackageDescription

// Data flows one way: a target depends only on targets declared above it.
let package = Package(
    name: "cganc",
    platforms: [.macOS(.v13)],
    products: [
        .executable(name: "cganc", targets: ["cganc"]),
        // Dynamic, because `cganc` compiles a user's model file against it.
        .library(name: "CGAN", type: .dynamic, targets: ["CGAN"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    ],
    targets: [
        .target(name: "Graph"),
        .target(name: "Differentiation", dependencies: ["Graph"]),
        .target(name: "CGAN", dependencies: ["Graph", "Differentiation"]),
        .target(name: "Optimization", dependencies: ["Graph", "Differentiation"]),
        .target(name: "Lowering", dependencies: ["Graph", "Differentiation", "CGAN", "Optimization"]),
        .target(
            name: "Templates", path: "templates", sources: ["Templates.swift"],
            resources: [.copy("c"), .copy("html")]),
        .target(
            name: "Emission",
            dependencies: ["Lowering", "Templates", .product(name: "Mustache", package: "swift-mustache")]),
        .target(name: "Compiler", dependencies: ["Emission", "Differentiation", "Optimization"]),
        .target(name: "Diagnosis", dependencies: ["Compiler"]),
        .target(name: "CABI"),
        .target(name: "Caching"),
        .target(
            name: "Native",
            dependencies: [
                "Compiler", "CABI", "Caching", "Templates", .product(name: "Subprocess", package: "swift-subprocess"),
            ]),
        .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "Formats", dependencies: ["CZlib"]),
        .target(name: "Datasets", dependencies: ["Formats"]),
        .target(name: "Training", dependencies: ["Diagnosis", "Native", "Datasets"]),
        // The models' own text, for `cganc init --from`: `Texts` are links to the files beside it.
        .target(name: "Models", dependencies: ["CGAN"], resources: [.embedInCode("Texts")]),
        .target(
            name: "ModelLoading",
            dependencies: ["Caching", "Models", .product(name: "Subprocess", package: "swift-subprocess")]),
        .target(name: "Mending", dependencies: ["Diagnosis", "ModelLoading", "Training"]),
        .target(
            name: "Reporting",
            dependencies: [
                "Diagnosis", "Mending", "Models", "Templates", "Training",
                .product(name: "Mustache", package: "swift-mustache"),
            ]),
        .executableTarget(
            name: "cganc",
            dependencies: [
                "Diagnosis", "Mending", "ModelLoading", "Reporting", "Training",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .testTarget(name: "CachingTests", dependencies: ["Caching"]),
        .testTarget(name: "FormatsTests", dependencies: ["Formats"]),
        .testTarget(name: "DatasetsTests", dependencies: ["Datasets", "Formats"]),
        .testTarget(name: "ParityTests", dependencies: ["Models", "Training"]),
        .testTarget(name: "TrainingTests", dependencies: ["Diagnosis", "Training"]),
        .testTarget(name: "ReportingTests", dependencies: ["Mending", "Models", "Reporting"]),
        .testTarget(
            name: "CommandTests",
            dependencies: ["cganc", "CGAN", "Formats", .product(name: "Subprocess", package: "swift-subprocess")]),

        // Shared by the tests: random graphs, finite differences.
        .target(name: "GraphTesting", dependencies: ["Graph", "Differentiation"], path: "Tests/GraphTesting"),
        .testTarget(name: "GraphTests", dependencies: ["GraphTesting"]),
        .testTarget(name: "CGANTests", dependencies: ["CGAN", "GraphTesting", "Models"]),
        .testTarget(name: "DifferentiationTests", dependencies: ["GraphTesting"]),
        .testTarget(name: "ModelLoadingTests", dependencies: ["Caching", "ModelLoading", "GraphTesting"]),
        .testTarget(name: "MendingTests", dependencies: ["Mending"]),
        .testTarget(name: "CompilerTests", dependencies: ["Compiler", "Models"]),
        // Cases are model files, each a program of its own; the tests evaluate them as `cganc check` does.
        .testTarget(
            name: "DiagnosisTests",
            dependencies: ["Diagnosis", "Compiler", "GraphTesting", "ModelLoading", "Models", "Training"],
            path: "Tests/Diagnosis", exclude: ["Cases", "DynamicCases"]),
        .testTarget(name: "LoweringTests", dependencies: ["Lowering", "GraphTesting"]),
        .testTarget(name: "NativeTests", dependencies: ["Native", "GraphTesting"]),
        .testTarget(name: "GoldenTests", dependencies: ["Models", "Native", "Emission", "Templates", "cganc"]),
        .testTarget(name: "RuntimeTests", dependencies: ["Templates"], resources: [.copy("drivers")]),
        .testTarget(name: "OptimizationTests", dependencies: ["GraphTesting", "Optimization", "Models"]),
    ]
)
