"""An agent of Strands for the contract of adapters, with a fake of `strands`."""

import fake_strands
import heddle_strands

heddle_strands.serve(lambda turn: fake_strands.Agent())
