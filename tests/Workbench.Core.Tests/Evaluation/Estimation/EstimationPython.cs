using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Workbench.Core.Tests.Evaluation.Estimation;

/// <summary>
/// Calibration, estimates, standard errors and thresholds once more: calibration and realised metrics by scikit-learn, the
/// expectations from their definitions (areas by counting all pairs of rows) in numpy.
/// </summary>
internal static class EstimationPython
{
    private const string Python = "/usr/bin/python3";

    private const string Script = """
        import json, sys, warnings
        import numpy as np
        from sklearn import metrics as m
        from sklearn.isotonic import IsotonicRegression
        from sklearn.calibration import _SigmoidCalibration
        warnings.simplefilter("ignore")

        def isotonic(x, y): return IsotonicRegression(out_of_bounds="clip").fit(x, y)

        def area(p, c):
            above = (p[:, None] > p[None, :]) + 0.5 * (p[:, None] == p[None, :])
            return float((c[:, None] * (1 - c)[None, :] * above).sum() / (c.sum() * (1 - c).sum()))

        def precision_area(p, c):
            total = 0.0
            for i in range(len(p)):
                at = p >= p[i]
                total += c[i] * c[at].sum() / at.sum()
            return float(total / c.sum())

        def ovr(c, hat):
            tp, fp, fn, tn = c[hat].sum(), (1 - c)[hat].sum(), c[~hat].sum(), (1 - c)[~hat].sum()
            return {"precision": tp / (tp + fp), "recall": tp / (tp + fn), "specificity": tn / (tn + fp), "f1": tp / (tp + 0.5 * (fp + fn)),
                    "accuracy": (tp + tn) / len(c), "cells": [tp, fp, fn, tn]}

        def area_variance(y, p):
            if y.mean() > 0.5: y, p = 1 - y, 1 - p
            negatives = np.sort(p[y == 0])
            shares = np.array([(np.searchsorted(negatives, v, "left") + np.searchsorted(negatives, v, "right")) / 2 for v in p[y == 1]]) / len(negatives)
            return shares.var(), y.mean()

        def mask_variance(values, relevant): return values[relevant].var(), relevant.mean()

        def share_variances(y, hat):
            hit = (y == hat).astype(float)
            f1 = (y == 1) | (hat == 1)
            factor = f1.sum() / ((y & hat).sum() + 0.5 * (f1.sum() - (y & hat).sum()))
            v, part = mask_variance(hit, f1)
            return {"precision": mask_variance(hit, hat == 1), "recall": mask_variance(hit, y == 1), "specificity": mask_variance(hit, y == 0), "f1": (v * factor ** 2, part)}

        def thresholds(values, least, most):
            values = np.array(values)
            return [max(least, values.mean() - 3 * values.std()), min(most, values.mean() + 3 * values.std())]

        def binary(a):
            rp, ry, p, t = a["rp"], a["ry"].astype(int), a["p"], a["threshold"]
            c, hat, n = isotonic(rp, ry).predict(p), p >= t, len(p)
            rhat = (rp >= t).astype(int)
            r = ovr(c, hat)
            out = {k: r[k] for k in ("precision", "recall", "specificity", "f1", "accuracy")}
            out["balanced_accuracy"] = (r["recall"] + r["specificity"]) / 2
            out["true_positives"], out["false_positives"], out["false_negatives"], out["true_negatives"] = r["cells"]
            out["roc_auc"], out["average_precision"] = area(p, c), precision_area(p, c)
            out["log_loss"], out["brier"] = np.mean(-c * np.log(p) - (1 - c) * np.log(1 - p)), np.mean(c * (p - 1) ** 2 + (1 - c) * p ** 2)
            value = np.array(a["values"]).reshape(2, 2)
            out["business_value"] = float(sum(value[label][k] * cell for label, k, cell in ((1, 1, r["cells"][0]), (0, 1, r["cells"][1]), (1, 0, r["cells"][2]), (0, 0, r["cells"][3]))))
            se = {k: np.sqrt(v / (n * part)) for k, (v, part) in share_variances(ry, rhat).items()}
            se["accuracy"] = (ry == rhat).std() / np.sqrt(n)
            se["true_positives"] = ((ry == 1) & (rhat == 1)).std() * np.sqrt(n)
            v, part = area_variance(ry, rp)
            se["roc_auc"] = np.sqrt(v / (n * part))
            se["business_value"] = value[ry, rhat].std() * np.sqrt(n)
            se["brier"] = ((rp - ry) ** 2).std() / np.sqrt(n)
            parts = np.array_split(np.arange(len(rp)), 10)
            th = {"f1": thresholds([m.f1_score(ry[i], rhat[i]) for i in parts], 0, 1), "roc_auc": thresholds([m.roc_auc_score(ry[i], rp[i]) for i in parts], 0, 1)}
            return {"values": out, "errors": se, "thresholds": th}

        def multiclass(a):
            k = a["classes"]
            rp, ry, p = a["rp"].reshape(-1, k), a["ry"].astype(int), a["p"].reshape(-1, k)
            c = np.stack([isotonic(rp[:, j], ry == j).predict(p[:, j]) for j in range(k)], axis=1)
            c = c / c.sum(axis=1, keepdims=True)
            hat, rhat, n = p.argmax(axis=1), rp.argmax(axis=1), len(p)
            each = [ovr(c[:, j], hat == j) for j in range(k)]
            out = {name + "_macro": np.mean([r[name] for r in each]) for name in ("precision", "recall", "specificity", "f1")}
            out["balanced_accuracy"] = out["recall_macro"]
            out["accuracy"] = np.mean(c[np.arange(n), hat])
            out["roc_auc"] = np.mean([area(p[:, j], c[:, j]) for j in range(k)])
            out["average_precision_macro"] = np.mean([precision_area(p[:, j], c[:, j]) for j in range(k)])
            out["log_loss"] = np.mean(np.sum(-c * np.log(p), axis=1))
            out["brier"] = np.mean([sum(c[i, j] * sum((p[i, q] - (q == j)) ** 2 for q in range(k)) for j in range(k)) for i in range(n)])
            for label in range(k):
                for predicted in range(k): out[f"confusion_{label}_{predicted}"] = c[hat == predicted, label].sum()
            variances = [share_variances((ry == j).astype(int), (rhat == j).astype(int)) for j in range(k)]
            se = {name + "_macro": np.sqrt(sum(v[name][0] / (n * v[name][1]) for v in variances)) / k for name in ("precision", "recall", "specificity", "f1")}
            areas = [area_variance((ry == j).astype(int), rp[:, j]) for j in range(k)]
            se["roc_auc"] = 1.2 * np.sqrt(sum(v / (n * part) for v, part in areas)) / k
            parts = np.array_split(np.arange(len(rp)), 10)
            th = {"f1_macro": thresholds([m.f1_score(ry[i], rhat[i], average="macro") for i in parts], 0, 1)}
            return {"values": out, "errors": se, "thresholds": th}

        def calibrate(a):
            sigmoid = _SigmoidCalibration().fit(np.log(a["x"] / (1 - a["x"])), a["y"])
            return {"isotonic": list(isotonic(a["x"], a["y"]).predict(a["grid"])), "platt": list(sigmoid.predict(np.log(a["grid"] / (1 - a["grid"]))))}

        answers = []
        for case in json.load(sys.stdin):
            a = {key: np.array(value, dtype=float) if isinstance(value, list) else value for key, value in case.items()}
            answers.append({"binary": binary, "multiclass": multiclass, "calibrate": calibrate}[a["kind"]](a))
        print(json.dumps(answers, default=float))
        """;

    /// <summary>Skips the test where scikit-learn is not installed.</summary>
    public static void Require() => Sklearn.Require();

    /// <summary>One answer a case, from one process.</summary>
    public static IReadOnlyList<JsonObject> Ask(params object[] cases)
    {
        var start = new ProcessStartInfo(Python, ["-c", Script]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["OMP_NUM_THREADS"] = start.Environment["OPENBLAS_NUM_THREADS"] = "1";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(JsonSerializer.Serialize(cases));
        process.StandardInput.Close();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.Result);
        return [.. JsonNode.Parse(output)!.AsArray().Select(answer => answer!.AsObject())];
    }
}
