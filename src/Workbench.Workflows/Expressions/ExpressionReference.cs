namespace Workbench.Workflows.Expressions;

/// <summary>What an expression needs: <see cref="Model.Expression.Variable"/> or <see cref="Model.Expression.Input"/>, and its name.</summary>
internal sealed record ExpressionReference(string Type, string Name);
