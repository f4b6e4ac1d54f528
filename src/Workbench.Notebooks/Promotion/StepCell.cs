using System.Security.Cryptography;
using System.Text;
using Workbench.Notebooks.Format;

namespace Workbench.Notebooks.Promotion;

/// <summary>A code cell that steps run.</summary>
/// <param name="Id">Id in the notebook.</param>
/// <param name="Role">The tag that counts: <c>setup</c>, <c>parameters</c> or <c>step:NAME</c>.</param>
/// <param name="Source">Its text.</param>
internal sealed record StepCell(string Id, string Role, string Source)
{
    /// <summary>Whether every step runs this cell.</summary>
    public bool IsShared => Role is CellTags.Setup or CellTags.Parameters;

    /// <summary>The cells that the steps of a notebook run, in order; exploration and text are left out.</summary>
    public static IReadOnlyList<StepCell> Read(NotebookDocument document, IReadOnlyList<NotebookStep> steps)
    {
        var roles = steps.SelectMany(step => step.CellIds.Select(id => (id, role: CellTags.StepPrefix + step.Name))).ToDictionary(pair => pair.id, pair => pair.role);
        var cells = document.Cells.Where(cell => cell.Type == CellType.Code && !cell.HasTag(CellTags.InjectedParameters));
        return [.. from cell in cells let role = RoleOf(cell, roles) where role is not null select new StepCell(cell.Id, role, cell.Source)];
    }

    /// <summary>Whether the step called <paramref name="step"/> runs this cell.</summary>
    public bool BelongsTo(string step) => IsShared || Role == CellTags.StepPrefix + step;

    /// <summary>
    /// Identity of what one step runs: SHA-256 over the kernel's name and the roles and sources of its cells and the shared
    /// ones. Text, exploration and the cells of other steps do not count, nor do ids.
    /// </summary>
    /// <returns><c>sha256:</c> and 64 lower-case hexadecimal digits.</returns>
    public static string HashOf(string? kernelName, IEnumerable<StepCell> cells, string step)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        string[] texts = [kernelName ?? "", .. cells.Where(cell => cell.BelongsTo(step)).SelectMany(cell => new[] { cell.IsShared ? cell.Role : "step", cell.Source })];
        foreach (var bytes in texts.Select(Encoding.UTF8.GetBytes))
        {
            hash.AppendData(BitConverter.GetBytes((long)bytes.Length)); // keeps two neighbouring texts from passing for two others
            hash.AppendData(bytes);
        }
        return "sha256:" + Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string? RoleOf(NotebookCell cell, Dictionary<string, string> roles)
    {
        if (roles.TryGetValue(cell.Id, out var step))
            return step;
        if (cell.HasTag(CellTags.Parameters))
            return CellTags.Parameters;
        return cell.HasTag(CellTags.Setup) ? CellTags.Setup : null;
    }
}
