namespace Workbench.Host.Pages.Pipelines;

/// <summary>The control of a field.</summary>
internal enum FieldKind
{
    /// <summary>A line of text.</summary>
    Text,
    /// <summary>A whole number.</summary>
    Whole,
    /// <summary>A number.</summary>
    Real,
    /// <summary>Yes or no.</summary>
    Truth,
    /// <summary>Any JSON, on several lines.</summary>
    Json,
}
