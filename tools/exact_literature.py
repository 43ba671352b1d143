#!/usr/bin/env python3
"""Solves the models of books/literature again, by hand and in 30 digits (needs mpmath): tests/exact/literature.csv.

    python3 tools/exact_literature.py > tests/exact/literature.csv

Nothing here reads the model files: the equations are written out from the papers, the rates of debt-cycle are found by
Newton's method on the three quantities of the paper (there they are seven), heuristics are solved as three straight
equations, saving from the condition of the first order itself.
"""
from mpmath import exp, findroot, lu_solve, matrix, mp, mpf, nstr

mp.dps = 30


def debt_cycle(steps):
    h, nu, alpha, beta, delta, r = mpf("0.05"), 3, mpf("0.025"), mpf("0.02"), mpf("0.01"), mpf("0.03")
    phi0, phi1 = mpf("0.04") / (1 - mpf("0.04") ** 2), mpf("0.04") ** 3 / (1 - mpf("0.04") ** 2)
    omega, employed, debt = mpf("0.75"), mpf("0.75"), mpf("0.1")
    for _ in range(steps):
        def off(w, l, d):
            profit = 1 - w - r * d
            invested = mpf("-0.0065") + exp(-5 + 20 * profit)
            return [w - omega - h * w * (phi1 / (1 - l) ** 2 - phi0 - alpha),
                    l - employed - h * l * (invested / nu - delta - alpha - beta),
                    d - debt - h * (invested - profit - d * (invested / nu - delta))]
        omega, employed, debt = findroot(off, (omega, employed, debt))
        yield {"wages": omega, "employed": employed, "debt": debt}


def heuristics(steps, luck):
    a1, a2, b1, b2, c1, c2, c3 = (mpf(x) for x in ("0.5", "-0.2", "0.5", "0.05", "1.5", "0.5", "0.5"))
    gamma, rho = 2, mpf("0.5")
    y, p, r = [mpf(0)] * 4, [mpf(0)] * 4, mpf(0)  # the last is the step before
    u = [mpf(0)] * 4
    for step in range(1, steps + 1):
        errors = (y[-1] ** 2, (y[-1] - y[-3]) ** 2, p[-1] ** 2, (p[-1] - p[-3]) ** 2)
        u = [rho * old + (1 - rho) * new for old, new in zip(u, errors)]
        fundamental = exp(-gamma * u[0]) / (exp(-gamma * u[0]) + exp(-gamma * u[1]))
        targeters = exp(-gamma * u[2]) / (exp(-gamma * u[2]) + exp(-gamma * u[3]))
        expected_y, expected_p = (1 - fundamental) * y[-1], (1 - targeters) * p[-1]
        shock = luck.get(step, mpf(0))
        # y - a2 r = …; p - b2 y = …; r - (1 - c3)(c1 p + c2 y) = …
        left = matrix([[1, 0, -a2], [-b2, 1, 0], [-(1 - c3) * c2, -(1 - c3) * c1, 1]])
        right = matrix([a1 * expected_y + (1 - a1) * y[-1] - a2 * expected_p + shock,
                        b1 * expected_p + (1 - b1) * p[-1], c3 * r])
        now = lu_solve(left, right)
        y, p, r = y[1:] + [now[0]], p[1:] + [now[1]], now[2]
        yield {"output": y[-1], "inflation": p[-1], "rate": r, "believers": fundamental}


def generations(steps):
    a, alpha, n, beta, theta = 10, mpf("0.3"), mpf("0.5"), mpf("0.4"), mpf("2.5")
    k = mpf("0.5")
    for _ in range(steps):
        wage = (1 - alpha) * a * k ** alpha

        def euler(s):  # 1 / young ^ theta = beta R / old ^ theta
            interest = alpha * a * (s / (1 + n)) ** (alpha - 1)
            return (s * interest) ** theta - beta * interest * (wage - s) ** theta
        saved = findroot(euler, (wage / 1000, wage * mpf("0.999")), solver="anderson", tol=1e-50)
        yield {"capital": k, "saving": saved}
        k = saved / (1 + n)


def rows(model, series, steps):
    for step, found in enumerate(series, 1):
        if step in steps:
            for name, value in found.items():
                print(f"{model},{name},{step},{nstr(value, 20)}")


print("model,name,step,value")
rows("debt-cycle", debt_cycle(400), {1, 10, 50, 100, 200, 400})
rows("heuristics", heuristics(60, {5: mpf(1), 6: mpf(1)}), {5, 6, 7, 8, 12, 20, 40, 60})
rows("generations", generations(30), {1, 2, 5, 10, 30})
