using System.Globalization;
using Workbench.Host.Activities;

namespace Workbench.Host.Cli;

/// <summary>An adapter's shape as one word, such as <c>r=8,alpha=16,targets=q_proj,v_proj</c>.</summary>
internal static class LoraText
{
    /// <exception cref="CommandException">A setting is unknown or no number.</exception>
    public static FineTuneOptions Apply(string? text, FineTuneOptions options)
    {
        if (string.IsNullOrEmpty(text))
            return options;
        string name = "";
        foreach (string part in text.Split(','))
        {
            bool isNamed = part.Contains('=');
            name = isNamed ? part[..part.IndexOf('=')].Trim() : name;
            string value = part[(part.IndexOf('=') + 1)..].Trim();
            options = (name, isNamed) switch
            {
                ("r" or "rank", true) => options with { Rank = (int)Number(part, value, 1) },
                ("alpha", true) => options with { Alpha = Number(part, value, 0) },
                ("dropout", true) => options with { LoraDropout = Number(part, value, 0) },
                ("targets", _) when value.Length > 0 => options with { Targets = [.. options.Targets, value] },
                _ => throw new CommandException($"--lora '{text}': '{part}' is unknown. Known: r=8, alpha=16, dropout=0.05, targets=c_attn,c_proj."),
            };
        }
        return options;
    }

    private static double Number(string part, string value, double least) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number >= least ? number
            : throw new CommandException($"--lora: '{part}' has no number of at least {least.ToString(CultureInfo.InvariantCulture)}.");
}
