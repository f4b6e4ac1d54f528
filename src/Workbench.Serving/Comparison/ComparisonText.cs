using System.Globalization;
using Workbench.Evaluation;

namespace Workbench.Serving.Comparison;

/// <summary>Figures of a comparison in words.</summary>
internal static class ComparisonText
{
    public static string Of(PairedDifference one) =>
        string.Create(CultureInfo.InvariantCulture, $"{one.Difference:+0.0000;-0.0000;0.0000} [{one.Lower:+0.0000;-0.0000;0.0000}, {one.Upper:+0.0000;-0.0000;0.0000}]");
}
