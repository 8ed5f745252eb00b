/// Which method serves each contraction of a model, as `cganc tune` measured it on some machine.
public struct Tuning: Hashable, Sendable {
    /// What a method took.
    public struct Measurement: Hashable, Sendable {
        /// The method.
        public var method: Method
        /// Milliseconds in one training step, of all kernels with the contraction.
        public var milliseconds: Double

        /// One candidate's time.
        public init(_ method: Method, milliseconds: Double) {
            self.method = method
            self.milliseconds = milliseconds
        }
    }

    /// One contraction, the method it is computed by, and what was measured.
    public struct Row: Hashable, Sendable {
        /// The role and the extents.
        public var contraction: Contraction
        /// The choice.
        public var method: Method
        /// The candidates' times; may be empty.
        public var measurements: [Measurement]

        /// A row of all parts.
        public init(_ contraction: Contraction, _ method: Method, measurements: [Measurement] = []) {
            self.contraction = contraction
            self.method = method
            self.measurements = measurements
        }
    }

    /// Under which conditions the times were taken; empty where nobody said.
    public struct Conditions: Hashable, Sendable {
        /// The model's name, its batch, the number type, the number of threads.
        public var model = "", batch = "", precision = "", threads = ""
        /// The processor, the C compiler and the BLAS by name and version.
        public var processor = "", compiler = "", blas = ""
        /// The day, as `2026-11-24`.
        public var date = ""
        /// What whole steps took with the choices and with the portable ones.
        public var step = ""

        /// Nothing is known.
        public init() {}
    }

    /// When and where.
    public var conditions: Conditions
    /// The contractions, each once.
    public var rows: [Row]

    /// A tuning of all parts.
    public init(conditions: Conditions = Conditions(), rows: [Row]) {
        self.conditions = conditions
        self.rows = rows
    }
}

extension Function {
    /// Decides by which method each contraction is computed, the row's where there is one, else the portable one; and which
    /// of them are left for the update.
    mutating func choose(by rows: [Contraction: Tuning.Row] = [:], leavingProducts: Bool = true) {
        for index in kernels.indices {
            guard let contraction = kernels[index].contraction else { continue }
            let row = rows[contraction]
            kernels[index].method = row?.method ?? .portable(for: contraction)
            kernels[index].measurements = row?.measurements ?? []
        }
        leaveProducts(leavingProducts)
    }
}

extension LoweredProgram {
    /// Computes each contraction by the method that `tuning` has chosen, and those that it does not know by the portable
    /// one.
    ///
    /// - Parameter leavingProducts: false to compute all of a phase's gradients before its update.
    public mutating func choose(by tuning: Tuning?, leavingProducts: Bool = true) {
        self.tuning = tuning
        let rows = Dictionary(
            (tuning?.rows ?? []).map { ($0.contraction, $0) }, uniquingKeysWith: { first, _ in first })
        for index in phases.indices {
            phases[index].function.choose(by: rows, leavingProducts: leavingProducts)
        }
        for index in functions.indices { functions[index].choose(by: rows) }
    }

    /// The contractions of a training step, each once, in the order in which they first run.
    public var contractions: [Contraction] { phases.flatMap(\.function.kernels).compactMap(\.contraction).uniqued() }

    /// The contractions of all functions that are not computed by the portable method, with the method they have
    /// instead. Where there are none, a tuning changes no bit.
    public var departures: [Tuning.Row] {
        allFunctions.flatMap(\.kernels).compactMap { kernel in
            guard let contraction = kernel.contraction, let method = kernel.method,
                method != .portable(for: contraction)
            else { return nil }
            return Tuning.Row(contraction, method)
        }.uniqued()
    }

    /// True if a kernel calls OpenBLAS.
    public var callsBLAS: Bool { departures.contains { $0.method.callsBLAS } }
}
