using Workbench.Features;

namespace Workbench.Core.Tests.Training;

/// <summary>
/// Rows of two numbers x, y in [-2, 2] and a colour (some of all missing), whose labels are known: height is
/// 100 + 20·x + 10·[colour = red] + 5·y²; the kind is rose, tulip or lily by that height below 95, below 110, or above;
/// tall is 1 from 105. A share of the kinds is drawn at random.
/// </summary>
internal static class FlowerRows
{
    public static readonly string[] Kinds = ["rose", "tulip", "lily"];
    private static readonly string[] Colours = ["red", "white", "blue"];

    public static TabularData Generate(PredictionTask task, int rows, int seed)
    {
        var random = new Random(seed);
        var (numeric, colours, labels) = (new float[rows * 2], new string?[rows], new float[rows]);
        for (int row = 0; row < rows; row++)
        {
            double x = random.NextDouble() * 4 - 2, y = random.NextDouble() * 4 - 2;
            colours[row] = random.Next(20) == 0 ? null : Colours[random.Next(3)];
            double height = 100 + 20 * x + (colours[row] == "red" ? 10 : 0) + 5 * y * y;
            numeric[row * 2] = (float)x;
            numeric[row * 2 + 1] = random.Next(20) == 0 ? float.NaN : (float)y;
            labels[row] = task switch
            {
                PredictionTask.Regression => (float)height,
                PredictionTask.Binary => height >= 105 ? 1 : 0,
                _ => random.Next(20) == 0 ? random.Next(3) : height < 95 ? 0 : height < 110 ? 1 : 2,
            };
        }
        return new()
        {
            Schema = new() { Numeric = ["x", "y"], Categorical = ["colour"], Label = "label", Task = task, Classes = task == PredictionTask.Multiclass ? Kinds : [] },
            Numeric = numeric, Categorical = colours, Labels = labels, Ids = [], Rows = rows,
        };
    }
}
