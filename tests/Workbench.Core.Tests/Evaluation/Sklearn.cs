using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Workbench.Core.Tests.Evaluation;

/// <summary>Debian's python3-sklearn. What it refuses or warns of as undefined comes back as null.</summary>
internal static class Sklearn
{
    private const string Python = "/usr/bin/python3";

    private const string Script = """
        import json, sys, warnings
        import numpy as np
        from sklearn import metrics as m
        from sklearn.exceptions import UndefinedMetricWarning

        def strict(f):
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                try: value = float(f())
                except (ValueError, UserWarning, RuntimeWarning): return None
                return None if np.isnan(value) else value

        def loose(f):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return float(f())

        def calibration(p, hit, w):
            bins = np.minimum(14, (p * 15).astype(int))
            return sum(abs(np.sum(w[bins == b] * (p[bins == b] - hit[bins == b]))) for b in range(15)) / w.sum()

        def binary(y, p, w, threshold):
            hat, y = (p >= threshold).astype(int), y.astype(int)
            return {
                "accuracy": strict(lambda: m.accuracy_score(y, hat, sample_weight=w)),
                "balanced_accuracy": loose(lambda: m.balanced_accuracy_score(y, hat, sample_weight=w)),
                "precision": strict(lambda: m.precision_score(y, hat, sample_weight=w)),
                "recall": strict(lambda: m.recall_score(y, hat, sample_weight=w)),
                "f1": strict(lambda: m.f1_score(y, hat, sample_weight=w)),
                "mcc": strict(lambda: m.matthews_corrcoef(y, hat, sample_weight=w)),
                "roc_auc": strict(lambda: m.roc_auc_score(y, p, sample_weight=w)),
                "average_precision": strict(lambda: m.average_precision_score(y, p, sample_weight=w)),
                "log_loss": strict(lambda: m.log_loss(y, p, labels=[0, 1], sample_weight=w)),
                "brier": strict(lambda: m.brier_score_loss(y, p, pos_label=1, sample_weight=w)),
                "calibration_error": calibration(p, y, w),
            }

        def multiclass(y, p, w, classes):
            y, p, names = y.astype(int), p.reshape(len(y), classes), list(range(classes))
            hat, onehot = p.argmax(axis=1), np.eye(classes)[y]
            result = {
                "accuracy": m.accuracy_score(y, hat, sample_weight=w),
                "balanced_accuracy": loose(lambda: m.balanced_accuracy_score(y, hat, sample_weight=w)),
                "f1_micro": m.f1_score(y, hat, average="micro", sample_weight=w),
                "mcc": strict(lambda: m.matthews_corrcoef(y, hat, sample_weight=w)),
                "roc_auc": strict(lambda: m.roc_auc_score(y, p, multi_class="ovr", average="macro", labels=names, sample_weight=w)),
                "log_loss": loose(lambda: m.log_loss(y, p, labels=names, sample_weight=w)),
                "brier": float(np.average(((p - onehot) ** 2).sum(axis=1), weights=w)),
                "calibration_error": calibration(p.max(axis=1), hat == y, w),
                "top_2_accuracy": loose(lambda: m.top_k_accuracy_score(y, p, k=2, labels=names, sample_weight=w)),
            }
            for kind, f in (("precision", m.precision_score), ("recall", m.recall_score), ("f1", m.f1_score)):
                for average in ("macro", "weighted"):
                    result[f"{kind}_{average}"] = loose(lambda: f(y, hat, average=average, sample_weight=w))
            return result

        def regression(y, p, w):
            return {
                "mae": m.mean_absolute_error(y, p, sample_weight=w),
                "rmse": m.mean_squared_error(y, p, sample_weight=w, squared=False),
                "r2": strict(lambda: m.r2_score(y, p, sample_weight=w)),
                "mape": m.mean_absolute_percentage_error(y, p, sample_weight=w),
                "pinball_0.9": m.mean_pinball_loss(y, p, alpha=0.9, sample_weight=w),
            }

        def ranking(queries, k):
            ndcg = [m.ndcg_score([q["relevance"]], [q["scores"]], k=k) for q in queries]
            # Label ranking average precision is the mean average precision, but for its 1 where nothing is relevant.
            ap = [m.label_ranking_average_precision_score([[r > 0 for r in q["relevance"]]], [q["scores"]]) if any(q["relevance"]) else 0 for q in queries]
            return {"ndcg": float(np.mean(ndcg)), "map": float(np.mean(ap))}

        def paired(y, p, q):
            random, n, gains = np.random.default_rng(1), len(y), []
            for _ in range(1000):
                rows = random.integers(0, n, n)
                gains.append(m.roc_auc_score(y[rows], p[rows]) - m.roc_auc_score(y[rows], q[rows]))
            return {"difference": m.roc_auc_score(y, p) - m.roc_auc_score(y, q), "lower": np.quantile(gains, 0.025), "upper": np.quantile(gains, 0.975)}

        out = []
        for c in json.load(sys.stdin):
            a = {key: np.array(value) for key, value in c.items() if isinstance(value, list) and key != "queries"}
            if "w" in a and len(a["w"]) == 0: a["w"] = np.ones(len(a["y"]))
            kind = c["kind"]
            out.append(binary(a["y"], a["p"], a["w"], c["threshold"]) if kind == "binary"
                else multiclass(a["y"], a["p"], a["w"], c["classes"]) if kind == "multiclass"
                else regression(a["y"], a["p"], a["w"]) if kind == "regression"
                else ranking(c["queries"], c["k"]) if kind == "ranking"
                else paired(a["y"], a["p"], a["q"]))
        print(json.dumps(out))
        """;

    /// <summary>Skips the test where scikit-learn is not installed.</summary>
    public static void Require() => Assert.SkipUnless(
        File.Exists(Python) && Directory.Exists("/usr/lib/python3/dist-packages/sklearn"), "python3-sklearn is not installed; apt-get install python3-sklearn.");

    /// <summary>One answer a case, name by value, from one process.</summary>
    public static IReadOnlyList<JsonObject> Ask(IEnumerable<object> cases)
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
