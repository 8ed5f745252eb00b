"""Checks of the harness's own functions, with no packages: `python3 -m unittest discover Tests/Benchmarks`."""
import os
import struct
import sys
import tempfile
import unittest
import xml.dom.minidom
from math import prod

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import bench
import curves
import forms
import pair
import plot
import report
import telemetry
import worker
import workloads


def row(number, form, milliseconds, threads=2, cold=False):
    return {
        "round": number, "form": form, "threads": threads, "cold": cold, "milliseconds": milliseconds,
        "bytes": 200e6, "first_step": 4.0, "flops": 2_000_000_000, "quiet": True}


RECORD = {
    "model": "mlp-cgan", "threads": 2, "machine": {"cores": "2"}, "differences": {"jax:native": 1e-7},
    "peaks": [
        {"round": 0, "threads": 2, "loop": 200.0, "convolution": 190.0},
        {"round": 1, "threads": 2, "loop": 210.0, "convolution": 250.0},
        {"round": 1, "threads": 1, "loop": 120.0, "convolution": 0.0}],
    "rows": [
        row(0, "cganc", 10.0), row(0, "jax:native", 20.0), row(0, "cganc", 12.0), row(0, "torch:nchw", 30.0),
        row(0, "cganc", 19.0, threads=1), row(1, "cganc", 9.0), row(1, "jax:native", 22.0),
        row(1, "cganc", 7.0, cold=True),
        {"round": 1, "form": "torch:nchw", "threads": 2, "cold": False, "error": "out of memory", "quiet": True}]}


class Reports(unittest.TestCase):
    def test_a_form_counts_by_the_median_over_rounds_of_the_median_in_each(self):
        self.assertEqual(report.medians(RECORD, 2), {"cganc": 10.0, "jax:native": 21.0, "torch:nchw": 30.0})

    def test_the_fastest_peer_is_never_cganc(self):
        self.assertEqual(report.fastest_peer(RECORD), "jax:native")
        self.assertIsNone(report.fastest_peer(RECORD | {"rows": [row(0, "cganc", 1.0)]}))

    def test_the_peak_is_the_better_of_loop_and_convolution(self):
        self.assertEqual(report.peak(RECORD, 2), 250.0)
        self.assertEqual(report.peak(RECORD, 1), 120.0)
        self.assertIsNone(report.peak(RECORD, 4))

    def test_scaling_compares_rounds_that_have_both(self):
        self.assertAlmostEqual(report.scaling(RECORD, "cganc"), 19 / 11)
        self.assertIsNone(report.scaling(RECORD, "jax:native"))

    def test_a_summary_has_ratio_and_share_of_the_peak(self):
        summary = report.summary(RECORD)
        own = next(form for form in summary["forms"] if form["form"] == "cganc")
        self.assertAlmostEqual(own["ratio_to_fastest_peer"], 2.1)
        self.assertAlmostEqual(own["share_of_peak"], 2.0 / 10e-3 / 250)
        self.assertEqual(own["cold_first_step_seconds"], 4.0)
        self.assertEqual([form["rounds"] for form in summary["forms"]], [2, 2, 1])

    def test_the_page_shows_every_form_and_lines_of_a_table_are_equally_long(self):
        page = report.page([report.summary(RECORD)])
        for words in ("2.10×", "| JAX ", "PyTorch eager, NCHW", "80%", "- cores: 2"):
            self.assertIn(words, page)
        lines = [line for line in report.overview([report.summary(RECORD)]).splitlines()]
        self.assertEqual(len({len(line) for line in lines}), 1)

    def test_a_folder_without_timings_is_said(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertIn("no timings", report.write(folder))


class Forms(unittest.TestCase):
    def test_keys_and_forms_are_one_to_one(self):
        every = forms.forms(forms.PEERS, convolutional=True)
        self.assertEqual(len({form.key for form in every}), 14)
        self.assertEqual([forms.form_of(form.key) for form in every], every)

    def test_a_dense_model_has_no_forms_of_convolutions(self):
        keys = {form.key for form in forms.forms(forms.PEERS, convolutional=False)}
        self.assertEqual(len(keys), 10)
        self.assertFalse(keys & {"torch:nhwc", "jax:gemm"})

    def test_the_number_of_a_file_is_read_in_both_precisions(self):
        for kind, code in (("<f4", "<f"), ("<f8", "<d")):
            head = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': (), }}".encode().ljust(117) + b"\n"
            with tempfile.NamedTemporaryFile(suffix=".npy") as file:
                file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head + struct.pack(code, 0.75))
                file.flush()
                self.assertEqual(forms.scalar(file.name), 0.75)

    def test_processes_that_run_in_turn_each_give_their_output(self):
        count = "import time\nfor i in range(60): time.sleep(0.002)\nprint('NAME', time.monotonic())"
        commands = [[sys.executable, "-c", count.replace("NAME", name)] for name in ("a", "b")]
        outputs = forms.run_in_turn(commands, 1, turn=0.02)
        self.assertEqual([output.split()[0] for output in outputs], ["a", "b"])
        with self.assertRaisesRegex(forms.Failure, "no such thing"):
            forms.run_in_turn([commands[0], [sys.executable, "-c", "raise SystemExit('no such thing')"]], 1)
        with self.assertRaisesRegex(forms.Failure, "not done after 0.1 s"):
            forms.run_in_turn([[sys.executable, "-c", "import time; time.sleep(60)"]], 1, turn=0.02, timeout=0.1)

    def test_losses_are_compared_in_units_of_the_loss_or_of_one(self):
        self.assertAlmostEqual(bench.relative_difference(200.002, 200), 1e-5)
        self.assertAlmostEqual(bench.relative_difference(0.00002, 0.00001), 1e-5)


class Numbers(unittest.TestCase):
    def test_quantiles_lie_between_neighbours(self):
        self.assertAlmostEqual(worker.quantile([4, 1, 3, 2], 0.5), 2.5)
        self.assertAlmostEqual(worker.quantile([4, 1, 3, 2], 0.1), 1.3)
        self.assertEqual(worker.quantile([5], 0.9), 5)

    def test_a_steady_difference_is_told_from_none(self):
        low, high = pair.bootstrap([1.02, 1.021, 1.019, 1.02, 1.022])
        self.assertTrue(1.0 < low <= high < 1.03)
        low, high = pair.bootstrap([0.97, 1.03, 0.99, 1.01, 1.0])
        self.assertTrue(low < 1 < high)

    def test_the_cost_of_telemetry_is_that_of_each_step_and_a_share_of_a_watched_one(self):
        bare = {"milliseconds": 10.0, "watched": None}
        norms = {"milliseconds": 10.1, "watched": None}
        watching = {"milliseconds": 11.0, "watched": 15.1}
        always, watched = telemetry.cost(bare, norms, watching, 50)
        self.assertAlmostEqual(always, 0.01)
        self.assertAlmostEqual(watched, 0.01)
        self.assertAlmostEqual(telemetry.cost(bare, norms, watching, 100)[1], 0.005)

    def test_a_timing_runs_rows_in_order_and_drops_the_first_steps(self):
        seen = []

        class Given:
            steps, seconds, most = 4, 0.0, 0.05

        def step(rows):
            seen.append(rows)
            return 1.0, 2.0

        result = worker.timed(step, [0, 1, 2], Given)
        self.assertEqual(seen[:4], [0, 1, 2, 0])
        self.assertGreaterEqual(result["steps"], 3)
        self.assertLess(result["steps"], len(seen))


class Models(unittest.TestCase):
    def test_parameters_are_those_of_the_shipped_models(self):
        counts = {name: sum(map(prod, workloads.shapes(workloads.workload(name).model).values()))
                  for name in ("mlp-cgan", "dcgan-wgan-gp")}
        # What `cganc summary` prints for generator and discriminator.
        self.assertEqual(counts["mlp-cgan"], 1_488_912 + 1_470_465)
        self.assertEqual(counts["dcgan-wgan-gp"], 828_353 + 147_425)

    def test_a_scaled_model_keeps_its_image_and_its_logit(self):
        for name in workloads.NAMES:
            plain, wide = workloads.MODELS[name], workloads.workload(name, width=0.5).model
            before, after = workloads.shapes(plain), workloads.shapes(wide)
            self.assertEqual(list(before), list(after))
            last = [key for key in before if key.endswith(".bias")][-1]
            self.assertEqual(after[last], (1,))
            self.assertEqual(wide.generator[-1], plain.generator[-1])
        shapes = workloads.shapes(workloads.workload("dcgan-wgan-gp", width=2).model)
        self.assertEqual(shapes["generator.convTranspose1.weight"], (4, 4, 128, 256))
        self.assertEqual(shapes["discriminator.dense1.weight"], (7 * 7 * 256, 1))

    def test_a_template_takes_its_width(self):
        with tempfile.TemporaryDirectory() as folder:
            for model in ("mlp-cgan", "dcgan-wgan-gp"):
                with open(curves.model_file(model, 0.5, folder), encoding="utf-8") as file:
                    source = file.read()
                self.assertIn("* 0.5)", source)
                self.assertNotIn("{{", source)


class Plots(unittest.TestCase):
    def test_bars_are_well_formed_and_in_proportion(self):
        svg = plot.bars([("a model", [("cganc", 10.0, True), ("a < b", 20.0, False)], 5.0)])
        tree = xml.dom.minidom.parseString(svg)
        widths = [float(bar.getAttribute("width")) for bar in tree.getElementsByTagName("rect")][1:]
        self.assertAlmostEqual(widths[1], 2 * widths[0])
        self.assertIn("a &lt; b", svg)

    def test_curves_rise_where_values_do(self):
        svg = plot.curves([("t", ["8", "16"], {"cganc": [1.0, 2.0]}, {"cganc": [10.0, None]})])
        points = xml.dom.minidom.parseString(svg).getElementsByTagName("polyline")[0].getAttribute("points")
        (_, first), (_, second) = (map(float, point.split(",")) for point in points.split())
        self.assertLess(second, first)

    def test_ticks_are_round_numbers_inside(self):
        self.assertEqual(plot.ticks(3, 60), [5, 10, 20, 50])


if __name__ == "__main__":
    unittest.main()
