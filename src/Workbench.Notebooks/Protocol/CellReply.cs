namespace Workbench.Notebooks.Protocol;

/// <summary>How the kernel says that a cell ended.</summary>
internal sealed record CellReply(string Status, int? ExecutionCount, string ErrorName, string ErrorMessage, IReadOnlyList<string> Traceback)
{
    public bool IsOk => Status == "ok";
}
