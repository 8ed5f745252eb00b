"""Checks of what `mends.py` does besides running cganc: `python3 -m unittest discover Tests/Mends`."""
import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import mends


def row(**changes):
    return {
        "case": "a", "data": "glyphs", "seed": 1, "verdict": "GZ211", "winner": "hinge", "confirmed": "yes", "held": "yes",
        "tried": 3, "recovered": 2, "seconds": 1.5, "build": "x"} | changes


class Mends(unittest.TestCase):
    def test_that_is_mended_which_is_confirmed_and_holds(self):
        self.assertTrue(mends.is_mended(row()))
        self.assertFalse(mends.is_mended(row(held="GZ205")))
        self.assertFalse(mends.is_mended(row(confirmed="no", held="no", winner="")))

    def test_the_total_counts_every_row(self):
        text = mends.table([row(), row(seed=2, confirmed="no", held="no"), row(seed=3, held="GZ217")])
        self.assertTrue(text.endswith("1 of 3 mended (33.3%)"), text)
        self.assertIn("a     glyphs  2     GZ211    hinge   no         no     1.5", text)

    def test_rows_of_another_build_and_torn_ones_are_done_again(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "mends.csv")
            mends.write(path, [row(), row(seed=2, build="y")])
            with open(path, "a", encoding="utf-8") as file:
                file.write("a,glyphs,3")
            self.assertEqual([int(row["seed"]) for row in mends.read(path, "x")], [1])
            self.assertEqual(mends.read(os.path.join(folder, "none.csv"), "x"), [])

    def test_every_faulty_case_is_found_and_its_data_with_it(self):
        names = [name for name, _ in mends.cases()]
        self.assertGreaterEqual(len(names), 21)
        self.assertFalse([name for name in names if name.endswith("-healthy")])
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "a.swift")
            for text, data in (("// expect: GZ202\n// data: few\nimport CGAN\n", "few"), ("import CGAN\n// data: x\n", "d")):
                with open(path, "w", encoding="utf-8") as file:
                    file.write(text)
                self.assertEqual(mends.data_of(path, "d"), data)
                self.assertIsNone(mends.left_out(path))

    def test_cases_whose_data_are_changed_are_left_out_with_the_reason(self):
        out = {name: mends.left_out(path) for name, path in mends.cases() if mends.left_out(path)}
        self.assertEqual(sorted(out), ["learnt-by-heart", "pixels-divided-twice"])
        self.assertIn("(examples: 64)", out["learnt-by-heart"])


if __name__ == "__main__":
    unittest.main()
