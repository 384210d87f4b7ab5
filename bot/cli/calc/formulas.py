"""What `--explain` prints: each command's formula and where it comes from."""

from typing import NamedTuple

from surveys.messages import mark


class Formula(NamedTuple):
    """The name of a formula and its source."""

    formula: str
    source: str


NPS = Formula(
    mark(
        "NPS = (promoters − detractors)/n; interval: adjusted Wald (3, T), adding (0.75, 1.5, "
        "0.75) to (detractors, passives, promoters); cross-check: Tango's score interval. With "
        "a population N, pseudo-answers and variance shrink by (N − n)/(N − 1); that does not "
        "cure non-response."
    ),
    mark(
        "Reichheld 2003; Rocks 2016, The American Statistician 70(4); Tango 1998, Statistics in"
        " Medicine 17"
    ),
)
DIFFERENCE = Formula(
    mark(
        "after − before; interval, z and p from half the pseudo-answers, (0.375, 0.75, 0.375), "
        "added to each sample, and Var = V₁/n₁ + V₂/n₂; the same people twice: all of them, "
        "less twice the covariance of their −1/0/+1 codes"
    ),
    mark("own, after Agresti & Caffo 2000, The American Statistician 54(4), and Rocks 2016"),
)
SAMPLE_SIZE = Formula(
    mark(
        "half-width e: n = z²V/e² − 3; to detect D: n = (V₁ + V₂)(z_α + z_β)²/D² − 1.5 a group;"
        " V = 1 unless a score is given, then V = 1 − NPS², the most that score allows"
    ),
    mark("the adjusted Wald interval solved for n [Rocks 2016]"),
)
RELIABILITY = Formula(
    mark(
        "α = k/(k − 1)·(1 − Σσᵢ²/σ_T²) with Feldt's interval; ω = (Σλ)²/((Σλ)² + Σ(1 − λ²)) of "
        "one factor"
    ),
    mark("Cronbach 1951; Feldt, Woodruff & Salih 1987; McDonald 1999"),
)
DRIVERS = Formula(
    mark(
        "Johnson's relative weights ε = Λ²·β², Σε = R²; bootstrap over rows. "
        "Association, not cause."
    ),
    mark("Johnson 2000, Multivariate Behavioral Research 35(1)"),
)
AHP = Formula(
    mark(
        "priorities = normalised geometric means of the rows; CI = (λ_max − n)/(n − 1), CR = "
        "CI/RI; m missing pairs: Harker's matrix, RI·(1 − 2m/((n − 1)(n − 2))); score of an "
        "alternative = Σ over criteria of (matrix × vector) of both"
    ),
    mark(
        "Saaty 1980 and 2005; Harker 1987; Ágoston & Csató 2022; Ivanova & Ityaikina 2018, "
        "Economic Analysis 17(7)"
    ),
)
PAYBACK = Formula(
    mark("investment / (hours saved × hour's wage × managers − running cost a year)"),
    mark("Ivanova & Ityaikina 2018, Economic Analysis 17(7)"),
)
SCORECARD = Formula(
    mark(
        "index = Σ w·s / Σ w over the criteria with a score; answers: mean of 0–100 with one "
        "pseudo-answer; an amount x against its baseline b: 100·b/(b + x); verdicts stepped down "
        "[Holm 1979]"
    ),
    mark("criteria: Filippov 2020; how they become numbers is our own"),
)
