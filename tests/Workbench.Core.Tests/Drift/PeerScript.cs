namespace Workbench.Core.Tests.Drift;

/// <summary>Expected values of many columns together, from the definitions with numpy, scipy and scikit-learn (Debian's packages), in one process.</summary>
internal static class PeerScript
{
    public const string Text = """
        import json, sys
        import numpy as np
        from scipy import stats
        from sklearn.decomposition import PCA
        from sklearn.preprocessing import StandardScaler
        from sklearn.metrics import roc_auc_score
        given = json.load(sys.stdin)
        out = {}
        x, y = np.array(given["x"]), np.array(given["y"])

        def squared(a, b):
            return ((a[:, None, :] - b[None, :, :]) ** 2).sum(-1)
        def bandwidth(a):
            d = np.sort(squared(a, a)[np.triu_indices(len(a), 1)])
            return np.sqrt(d[(len(d) - 1) // 2] / 2)
        def kernel(a, b, s):
            return np.exp(-squared(a, b) / (2 * s * s))
        s = bandwidth(x)
        n, m = len(x), len(y)
        kxx, kyy, kxy = kernel(x, x, s), kernel(y, y, s), kernel(x, y, s)
        out["sigma"] = s
        out["mmd"] = (kxx.sum() - n) / (n * (n - 1)) + (kyy.sum() - m) / (m * (m - 1)) - 2 * kxy.mean()
        k = min(n, m) // 2
        i, j = 2 * np.arange(k), 2 * np.arange(k) + 1
        out["linear"] = float((kxx[i, j] + kyy[i, j] - kxy[i, j] - kxy[j, i]).mean())

        centres, rest = x[given["centres"]], np.delete(x, given["centres"], axis=0)
        similar = np.vstack([kernel(rest, centres, s), kernel(y, centres, s)])
        H = np.exp(-squared(centres, centres) / (4 * s * s))
        gap = lambda order: similar[order[:len(rest)]].mean(0) - similar[order[len(rest):]].mean(0)
        gaps = [gap(np.array(order)) for order in given["orders"]]
        for power in range(10):
            inverse = np.linalg.inv(H + np.eye(len(H)) * 4.0 ** -power)
            if np.mean([1 - (g @ inverse @ H @ inverse @ g) / (g @ inverse @ g) for g in gaps]) < 0.2:
                break
        form = 2 * inverse - inverse @ H @ inverse
        own = gap(np.arange(len(similar)))
        out["lsdd"] = [own @ form @ own] + [g @ form @ g for g in gaps]

        scaler = StandardScaler().fit(x)
        pca = PCA(n_components=0.65, random_state=16).fit(scaler.transform(x))
        error = lambda rows: np.linalg.norm(scaler.transform(rows) - pca.inverse_transform(pca.transform(scaler.transform(rows))), axis=1)
        parts = [error(part).mean() for part in np.array_split(x, 10)]
        out["pca"] = [int(pca.n_components_), error(y).mean(), np.mean(parts) - 3 * np.std(parts, ddof=1), np.mean(parts) + 3 * np.std(parts, ddof=1)]

        a, b = x[:, 0].copy(), x[:, 1].copy()
        a[given["missingA"]] = np.nan
        b[given["missingB"]] = np.nan
        both = ~np.isnan(a) & ~np.isnan(b)
        out["pearson"] = np.corrcoef(a[both], b[both])[0, 1]
        out["spearman"] = stats.spearmanr(np.round(a[both], 1), np.round(b[both], 1))[0]
        z = (np.arctanh(0.5) - np.arctanh(0.2)) / np.sqrt(1 / 97 + 1 / 197)
        out["fisher"] = 2 * stats.norm.sf(z)

        table = np.array(given["table"])
        phi = stats.chi2_contingency(table, correction=False)[0] / table.sum()
        N, (r, c) = table.sum(), table.shape
        out["cramer"] = np.sqrt(max(0, phi - (r - 1) * (c - 1) / (N - 1)) / (min(r - (r - 1) ** 2 / (N - 1), c - (c - 1) ** 2 / (N - 1)) - 1))

        neg, pos = np.array(given["negative"]), np.array(given["positive"])
        placement = (pos[:, None] > neg[None, :]) + 0.5 * (pos[:, None] == neg[None, :])
        out["auc"] = [roc_auc_score([0] * len(neg) + [1] * len(pos), np.r_[neg, pos]), placement.mean(1).var(ddof=1) / len(pos) + placement.mean(0).var(ddof=1) / len(neg)]

        lengths = [np.array(given["lengthsA"]), np.array(given["lengthsB"])]
        out["length"] = [stats.wasserstein_distance(*lengths) / lengths[0].std(), stats.ks_2samp(*lengths).statistic]
        out["surprise"] = stats.chi2_contingency([[12, 988], [3, 1497]], correction=False, lambda_="log-likelihood")[0]
        out["components"] = [stats.wasserstein_distance(x[:, i], y[:, i]) / x[:, i].std() for i in range(x.shape[1])]
        mx, my = x.mean(0), y.mean(0)
        out["means"] = [np.linalg.norm(mx - my), 1 - mx @ my / np.linalg.norm(mx) / np.linalg.norm(my)]
        print(json.dumps(out))
        """;
}
