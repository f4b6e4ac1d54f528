using Workbench.Features;

namespace Workbench.Core.Tests.Training;

/// <summary>Rows whose true probability of label 1 is known: sigmoid(2·usage - price/20 + 2·[plan = basic]).</summary>
internal static class SubscriptionRows
{
    public static readonly FeatureSchema Schema = new() { Numeric = ["usage", "price"], Categorical = ["plan"], Label = "churned" };

    public static TabularData Generate(int rows, int seed)
    {
        var random = new Random(seed);
        string[] plans = ["basic", "premium", "team"];
        var numeric = new float[rows * 2];
        var categorical = new string?[rows];
        var labels = new float[rows];
        for (int row = 0; row < rows; row++)
        {
            float usage = (float)(random.NextDouble() * 4 - 2), price = (float)(random.NextDouble() * 40 - 20);
            categorical[row] = random.NextDouble() < 0.05 ? null : plans[random.Next(3)];
            numeric[row * 2] = random.NextDouble() < 0.05 ? float.NaN : usage;
            numeric[row * 2 + 1] = price;
            double logit = 2 * usage - price / 20 + (categorical[row] == "basic" ? 2 : 0);
            labels[row] = random.NextDouble() < 1 / (1 + Math.Exp(-logit)) ? 1 : 0;
        }
        return new() { Schema = Schema, Numeric = numeric, Categorical = categorical, Labels = labels, Ids = [], Rows = rows };
    }

    public static TabularData Row(float usage, float price, string? plan) =>
        new() { Schema = Schema, Numeric = [usage, price], Categorical = [plan], Labels = [], Ids = [], Rows = 1 };
}
