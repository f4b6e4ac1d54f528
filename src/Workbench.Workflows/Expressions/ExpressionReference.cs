namespace Workbench.Workflows.Expressions;

/// <summary>What an expression needs: <see cref="Expression.Variable"/> or <see cref="Expression.Input"/>, and its name.</summary>
internal sealed record ExpressionReference(string Type, string Name);
