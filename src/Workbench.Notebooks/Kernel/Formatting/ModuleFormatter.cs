using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace Workbench.Notebooks.Kernel.Formatting;

/// <summary>Shows networks of TorchSharp: a table of layers with their parameter counts, and one of parameters.</summary>
internal static class ModuleFormatter
{
    /// <summary>The network, or null when the value is none; asks by name first, so that TorchSharp is not loaded for other values.</summary>
    public static MimeBundle? TryFormat(object value) => Bases(value.GetType()).Any(type => type.FullName == "TorchSharp.torch+nn+Module") ? Format((nn.Module)value) : null;

    private static IEnumerable<Type> Bases(Type type)
    {
        for (var level = type; level is not null; level = level.BaseType!) // ends at object, whose base is null
            yield return level;
    }

    private static MimeBundle Format(nn.Module module)
    {
        var layers = Layers(module);
        var parameters = Parameters(module);
        long all = module.parameters().Sum(parameter => parameter.numel());
        long trainable = module.parameters().Where(parameter => parameter.requires_grad).Sum(parameter => parameter.numel());
        var title = string.Create(CultureInfo.InvariantCulture, $"{TypeName.Of(module.GetType())}: {all:N0} parameters, {trainable:N0} trainable, {(module.training ? "training" : "evaluation")} mode");
        return new(new JsonObject
        {
            ["text/html"] = $"<div style=\"font:13px/1.5 system-ui,sans-serif\"><strong>{WebUtility.HtmlEncode(title)}</strong></div>{TableHtml.Render(layers)}"
                + $"<details style=\"font:13px system-ui,sans-serif\"><summary>Parameters by name</summary>{TableHtml.Render(parameters)}</details>",
            ["text/plain"] = $"{title}\n{TableText.Render(layers)}",
        });
    }

    private static ShownTable Layers(nn.Module module)
    {
        var layers = module.named_modules().Where(layer => layer.name.Length > 0).ToList();
        return new()
        {
            Columns = [new("layer", "", false), new("type", "", false), new("parameters", "with its parts", true), new("trainable", "", true)],
            Rows = layers.Select(layer => new object?[]
            {
                layer.name, TypeName.Of(layer.module.GetType()), layer.module.parameters().Sum(parameter => parameter.numel()),
                layer.module.parameters().Where(parameter => parameter.requires_grad).Sum(parameter => parameter.numel()),
            }).Take(ShownTable.MaximumRows).ToList(),
            TotalRows = layers.Count,
            TotalColumns = 4,
            Kind = "of layers",
        };
    }

    private static ShownTable Parameters(nn.Module module)
    {
        var parameters = module.named_parameters().ToList();
        return new()
        {
            Columns = [new("name", "", false), new("shape", "", false), new("dtype", "", false), new("device", "", false), new("requires_grad", "", false), new("count", "", true)],
            Rows = parameters.Select(one => new object?[]
            {
                one.name, NumberBlock.Shape(one.parameter.shape), one.parameter.dtype.ToString(), one.parameter.device.ToString(), one.parameter.requires_grad, one.parameter.numel(),
            }).Take(ShownTable.MaximumRows).ToList(),
            TotalRows = parameters.Count,
            TotalColumns = 6,
            Kind = "of parameters",
        };
    }
}
