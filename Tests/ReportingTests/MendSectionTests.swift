import Foundation
import Mending
import Testing

@testable import Reporting

@Suite struct MendSectionTests {
    private func report(_ best: String) throws -> MendReport {
        let verdict = #"{"code": "GZ211", "since": 100, "sentence": "78% of <it> is at its ends", "evidence": []}"#
        let healthy = #"{"since": 1, "sentence": "healthy: all is well", "evidence": []}"#
        let entry = """
            "verdict": \(healthy), "state": "healthy", "isRecovered": true, "gradient": 1.5, "labelEffect": 0.1,
            "agreement": 0.125, "spread": 0.5, "distance": 0.4, "movement": 0.6
            """
        return try JSONDecoder().decode(
            MendReport.self,
            from: Data(
                """
                {"verdict": \(verdict), "forkStep": 200, "lastStep": 350,
                 "control": {"verdict": \(verdict), "state": "GZ211", "isRecovered": false},
                 "mends": [{"name": "usual-initial-values", "begin": 0, \(entry)}],
                 "refused": {"batch-norm": "a batch of one"}, \(best)
                 "confirmations": [{"seed": 2, "lastStep": 400, "entry": {"name": "usual-initial-values", \(entry)}}]}
                """.utf8))
    }

    @Test("the section names the mend, shows its change, the ranking, the run that confirmed it and what was not tried")
    func confirmed() throws {
        let change =
            "--- A.swift\\n+++ A.swift\\n@@ -1 +1 @@\\n-Dense(4, initializer: .normal(deviation: 1))\\n+Dense(4)"
        let html = MendSection(
            try report(#""best": "usual-initial-values", "change": "\#(change)","#), run: "runs/a"
        ).html.text
        for text in [
            "<b>usual-initial-values</b> mends it", "<code>cganc diagnose runs/a --apply</code>",
            "<span class=\"new\">+Dense(4)</span>", "<span class=\"gone\">-Dense(4, initializer",
            "<span class=\"soft\">--- A.swift</span>", "78% of &lt;it&gt; is at its ends", "from step 200 to step 350",
            "from the beginning</span>", "with seed 2, 400 steps: confirmed", "batch-norm: a batch of one",
            "<td>GZ211</td>", "<td>healthy</td>",
        ] {
            #expect(html.contains(text), "\(text) in \(html)")
        }
    }

    @Test("without a confirmed mend the section says so and shows no change")
    func unconfirmed() throws {
        let html = MendSection(try report(""), run: "runs/a").html.text
        #expect(html.contains("No mend was confirmed.") && !html.contains("class=\"diff\""))
    }
}
