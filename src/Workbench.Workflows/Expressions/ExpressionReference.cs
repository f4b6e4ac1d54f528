namespace Workbench.Workflows.Expressions;

/// <summary>What an expression needs: <see cref="Model.Expression.Variable"/>, <see cref="Model.Expression.Input"/> or <see cref="Activity"/>, and its name.</summary>
internal sealed record ExpressionReference(string Type, string Name)
{
    /// <summary>An activity whose output a script reads.</summary>
    public const string Activity = "Activity";
}
