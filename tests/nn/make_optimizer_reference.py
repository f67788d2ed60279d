"""Write optimizer_reference.json: parameters after some steps of PyTorch's optimizers, in float64.

Run by hand where PyTorch is installed: ``python -m tests.nn.make_optimizer_reference``.
"""

from __future__ import annotations

import json
from pathlib import Path

import torch

from tests.nn.optimizer_cases import CASES, KEPT, STEPS, gradient, start


def main() -> None:
    """Run every case and write the file."""
    results = {}
    for name, (kind, settings) in CASES.items():
        p = torch.nn.Parameter(torch.from_numpy(start()))
        optimizer = getattr(torch.optim, kind)([p], **settings)
        kept = {}
        for step in range(1, STEPS + 1):
            p.grad = torch.from_numpy(gradient(p.detach().numpy(), step))
            optimizer.step()
            if step in KEPT:
                kept[str(step)] = p.detach().numpy().tolist()
        results[name] = kept
    reference = {"torch": torch.__version__, "parameters": results}
    path = Path(__file__).with_name("optimizer_reference.json")
    path.write_text(json.dumps(reference, indent=1) + "\n")


if __name__ == "__main__":
    main()
