using System.Text.Json.Serialization;

namespace Workbench.Drift;

/// <summary>How p-values are adjusted for many columns being tested at once. All p-values of a report that decide or confirm are one family; those that only inform are another.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PValueCorrection>))]
public enum PValueCorrection
{
    /// <summary>Not at all.</summary>
    None,
    /// <summary>p · m: bounds the chance of a single false alarm (Bonferroni).</summary>
    Bonferroni,
    /// <summary>Bounds the expected share of false alarms among the alarms (Benjamini and Hochberg 1995, J. R. Statist. Soc. B 57, 289-300).</summary>
    BenjaminiHochberg,
}
