using System.Text.Json.Nodes;

namespace Workbench.Notebooks.Format;

/// <summary>The JSON behind <c>#!meta</c>: <c>kernelInfo</c>, and what else a notebook's metadata says.</summary>
internal static class DibMeta
{
    private const string KernelInfo = "kernelInfo";

    /// <summary>A notebook without cells that has this metadata; where it names no kernel, our own.</summary>
    public static NotebookDocument ToDocument(JsonObject meta)
    {
        var document = NotebookDocument.Create();
        foreach (var (name, value) in meta.Where(pair => pair.Key != KernelInfo))
            document.Metadata[name] = value?.DeepClone();
        if (meta["kernelspec"] is JsonObject kernel)
            document.Metadata["language_info"] = new JsonObject { ["name"] = kernel["language"]?.DeepClone() ?? "C#" };
        if (meta[KernelInfo] is { } info)
        {
            if (document.Metadata["polyglot_notebook"] is not JsonObject)
                document.Metadata["polyglot_notebook"] = new JsonObject();
            document.Metadata["polyglot_notebook"]![KernelInfo] = info.DeepClone();
        }
        return document;
    }

    /// <summary>What to write behind <c>#!meta</c> so that the cells are read back as they are; null when nothing is needed.</summary>
    /// <param name="document">The notebook.</param>
    /// <param name="used">Languages of its cells.</param>
    public static JsonObject? Of(NotebookDocument document, IReadOnlyList<string> used)
    {
        var meta = new JsonObject();
        if (Kernels(document, used) is { } kernels)
            meta[KernelInfo] = kernels;
        foreach (var (name, value) in document.Metadata)
        {
            if (name is "language_info" or "papermill") // written by each run
                continue;
            if (name == "kernelspec" && document.KernelName == NotebookDocument.Create().KernelName)
                continue;
            var kept = value?.DeepClone();
            if (name == "polyglot_notebook" && kept is JsonObject polyglot && polyglot.Remove(KernelInfo) && polyglot.Count == 0)
                continue;
            meta[name] = kept;
        }
        return meta.Count == 0 ? null : meta;
    }

    private static JsonObject? Kernels(NotebookDocument document, IReadOnlyList<string> used)
    {
        var declared = CellLanguages.KernelInfo(document.Metadata);
        var missing = used.Where(language => document.Languages.OfLine($"#!{language}") is null).ToList();
        var language = document.Languages.Default(document.Metadata);
        if (declared is null && missing.Count == 0 && language == CellLanguages.CSharp)
            return null;
        var info = (JsonObject?)declared?.DeepClone() ?? new JsonObject { ["defaultKernelName"] = language, ["items"] = new JsonArray() };
        if (missing.Count > 0 && info["items"] is not JsonArray)
            info["items"] = new JsonArray();
        foreach (var name in missing)
            info["items"]!.AsArray().Add(new JsonObject { ["name"] = name, ["aliases"] = new JsonArray() });
        return info;
    }
}
