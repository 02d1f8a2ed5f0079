"""Logistic regression, for training and for benchmarks."""

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import expit
from scipy.stats import rankdata

Floats = npt.NDArray[np.float64]

#: How strongly weights are held near 0, as in ridge regression.
RIDGE = 1.0


def fit(x: Floats, y: npt.NDArray[np.bool_], *, weight: Floats | None = None) -> tuple[float, Floats]:
    """Return the intercept and the weights that make `y` likeliest, by L-BFGS; the intercept is not held near 0.

    x: rows by features. weight: what each row counts for, 1.0 if None.
    """
    counts = np.ones(len(y)) if weight is None else weight
    sign = np.where(y, 1.0, -1.0)

    def loss(theta: Floats) -> tuple[float, Floats]:
        margin = sign * (theta[0] + x @ theta[1:])
        value = (counts * np.logaddexp(0.0, -margin)).sum() + RIDGE / 2 * theta[1:] @ theta[1:]
        slope = -counts * sign * expit(-margin)
        return float(value), np.concatenate([[slope.sum()], x.T @ slope + RIDGE * theta[1:]])

    found = minimize(loss, np.zeros(x.shape[1] + 1), jac=True, method="L-BFGS-B", options={"maxiter": 1000})
    return float(found.x[0]), found.x[1:]


def predict(model: tuple[float, Floats], x: Floats) -> Floats:
    """Return the probability of each row, 0.0 to 1.0."""
    intercept, weights = model
    return np.asarray(expit(intercept + x @ weights))


def cross_predict(x: Floats, y: npt.NDArray[np.bool_], groups: npt.NDArray[np.str_]) -> Floats:
    """Return the probability of each row by a model fitted to the rows of all other groups."""
    found = np.zeros(len(y))
    for group in np.unique(groups):
        held = groups == group
        found[held] = predict(fit(x[~held], y[~held]), x[held])
    return found


def best_f1(values: Floats, y: npt.NDArray[np.bool_]) -> tuple[float, float, float, float]:
    """Return the best F1 over thresholds, with its precision, recall and threshold."""
    order = np.argsort(-values, kind="stable")
    right = np.cumsum(y[order])
    f1 = 2 * right / (np.arange(1, len(y) + 1) + y.sum())
    at = int(f1.argmax())
    return float(f1[at]), float(right[at] / (at + 1)), float(right[at] / y.sum()), float(values[order[at]])


def area(values: Floats, y: npt.NDArray[np.bool_]) -> float:
    """Return the area under the curve of true against false positives (Mann & Whitney, 1947); equals count half."""
    ranks = rankdata(values)
    positive = int(y.sum())
    return float((ranks[y].sum() - positive * (positive + 1) / 2) / (positive * (len(y) - positive)))
