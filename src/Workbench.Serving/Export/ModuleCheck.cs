using Workbench.Data;

namespace Workbench.Serving.Export;

/// <summary>Compares a written model with what TorchSharp answered.</summary>
internal static class ModuleCheck
{
    /// <summary>Largest difference of an output's element over all samples.</summary>
    /// <exception cref="DataException">One differs by more than is allowed, in shape, or TorchSharp's own answer is not a number.</exception>
    public static double Compare(string path, IReadOnlyList<ModuleSample> samples, double tolerance)
    {
        using var model = new OnnxRuns(path);
        double worst = 0;
        foreach (var sample in samples)
        {
            var actual = model.Run(sample.Inputs);
            for (int output = 0; output < sample.Expected.Count; output++)
                worst = Math.Max(worst, Difference(sample, sample.Expected[output], actual[output], model.Outputs[output], tolerance));
        }
        return worst;
    }

    private static double Difference(ModuleSample sample, OnnxValue expected, OnnxValue actual, string name, double tolerance)
    {
        string at = sample.Sizes.Count == 0 ? "" : $" at {string.Join(", ", sample.Sizes.Select(size => $"{size.Key} = {size.Value}"))}";
        if (!expected.Shape.SequenceEqual(actual.Shape))
            throw new DataException($"Output '{name}' has the shape [{string.Join(", ", actual.Shape)}]{at}; TorchSharp's has [{string.Join(", ", expected.Shape)}]. The file was not written.");
        double worst = 0, largest = 1;
        foreach (var (one, other) in expected.Numbers().Zip(actual.Numbers()))
        {
            if (double.IsNaN(one))
                throw new DataException($"TorchSharp's own output '{name}' is not a number{at}, so that nothing can be compared. Give the inputs a range or a {nameof(OnnxInput.Sample)} that forward is defined for.");
            double difference = one == other ? 0 : Math.Abs(one - other);   // infinities of one sign are equal
            worst = difference > worst || double.IsNaN(difference) ? difference : worst;
            if (double.IsNaN(worst))
                break;
            if (double.IsFinite(one))
                largest = Math.Max(largest, Math.Abs(one));
        }
        return worst <= tolerance * largest
            ? worst
            : throw new DataException(FormattableString.Invariant(
                $"Output '{name}' differs from TorchSharp by {worst:G3}{at}; allowed is {tolerance * largest:G3}. The file was not written; compare the nodes of {nameof(IOnnxExportable.ToOnnx)} with forward, or report the module's layers."));
    }
}
