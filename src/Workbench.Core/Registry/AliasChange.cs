namespace Workbench.Registry;

/// <summary>One entry of a model's history: an alias was set. Entries are only ever added.</summary>
public sealed record AliasChange
{
    /// <summary>Name of the model.</summary>
    public required string Name { get; init; }
    /// <summary>Place in the model's history, from 1.</summary>
    public required int Sequence { get; init; }
    /// <summary>The alias, such as <c>champion</c>.</summary>
    public required string Alias { get; init; }
    /// <summary>The version that held it before, or null.</summary>
    public int? FromVersion { get; init; }
    /// <summary>The version that holds it from then on; equal to <see cref="FromVersion"/> when it was confirmed.</summary>
    public required int ToVersion { get; init; }
    /// <summary>Business time of the change.</summary>
    public required DateTimeOffset At { get; init; }
    /// <summary>Who: a person, or the part of Workbench that acted.</summary>
    public required string Actor { get; init; }
    /// <summary>Why, in words.</summary>
    public required string Reason { get; init; }
    /// <summary>Whether the gate was passed over.</summary>
    public required bool Forced { get; init; }
    /// <summary>Whether the alias went back to an earlier holder by <see cref="ModelRegistry.RollbackAsync"/>.</summary>
    public required bool IsRollback { get; init; }
    /// <summary>The key that makes the change happen once, or null.</summary>
    public string? IdempotencyKey { get; init; }
}
