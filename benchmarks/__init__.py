"""What the portal costs at full size, as ratios to a floor taken in the same run (docs/benchmarks.md)."""
