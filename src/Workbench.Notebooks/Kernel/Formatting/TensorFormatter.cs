using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using TorchSharp;
using static TorchSharp.torch;

namespace Workbench.Notebooks.Kernel.Formatting;

/// <summary>Shows tensors of TorchSharp: what they are, a summary, and the values of small ones. Never copies a large tensor.</summary>
internal static class TensorFormatter
{
    private const int SmallElements = 100;

    /// <summary>Whether the type is a tensor; asks by name first, so that TorchSharp is not loaded for other values.</summary>
    public static bool Handles(Type type) => type.Assembly.GetName().Name == "TorchSharp" && IsTensor(type);

    /// <summary>One line such as <c>Float32 [3, 4] on cpu</c>; null when the value is no tensor.</summary>
    public static string? TryDescribe(object value) => Handles(value.GetType()) ? Describe(value) : null;

    /// <summary>The tensor, or null when the value is none.</summary>
    public static MimeBundle? TryFormat(object value) => Handles(value.GetType()) ? Format((Tensor)value) : null;

    private static bool IsTensor(Type type) => type.IsAssignableTo(typeof(Tensor));

    private static string Describe(object value)
    {
        var tensor = (Tensor)value;
        return tensor.IsInvalid ? "disposed tensor" : $"{tensor.dtype} {NumberBlock.Shape(tensor.shape)}{(tensor.device_type == DeviceType.CPU ? "" : $" on {tensor.device}")}";
    }

    private static MimeBundle Format(Tensor tensor)
    {
        if (tensor.IsInvalid)
        {
            const string gone = "This tensor is disposed: its values are gone. Show it before its scope ends, or keep it with MoveToOuterDisposeScope().";
            return MimeBundle.Of("text/plain", gone, gone);
        }
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var facts = new List<(string Name, string Value)>
        {
            ("shape", NumberBlock.Shape(tensor.shape)), ("dtype", tensor.dtype.ToString()), ("device", tensor.device.ToString()),
            ("requires_grad", tensor.requires_grad ? "true" : "false"),
        };
        bool readable = !tensor.is_sparse && tensor.device_type != DeviceType.META && TensorSummary.CanRead(tensor.dtype);
        if (readable && tensor.numel() > 1)
            facts.AddRange(TensorSummary.Of(tensor.detach()));
        return Bundle(tensor is TorchSharp.Modules.Parameter ? "Parameter" : "Tensor", facts, readable ? Values(tensor.detach()) : null);
    }

    private static string? Values(Tensor tensor)
    {
        bool small = tensor.numel() <= SmallElements;
        var edges = tensor;
        for (int axis = 0; axis < tensor.dim(); axis++)
            if (NumberBlock.IsLong(tensor.shape[axis], small))
                edges = edges.index_select(axis, torch.tensor(Ends(tensor.shape[axis]), device: tensor.device));
        if (edges.numel() > 1500) // a tensor of many axes: its ends are more than one reads
            return null;
        var dtype = tensor.dtype;
        var numbers = edges.to(TensorSummary.Wide(dtype)).cpu().contiguous();
        var texts = dtype == ScalarType.Bool ? numbers.data<long>().Select(flag => flag == 0 ? "False" : "True").ToList()
            : numbers.dtype == ScalarType.Int64 ? numbers.data<long>().Select(number => number.ToString(CultureInfo.InvariantCulture)).ToList()
            : numbers.data<double>().Select(ValueText.Number).ToList();
        int next = 0; // the writer asks in the order of the memory
        return NumberBlock.Write(tensor.shape, _ => texts[next++], small);
    }

    private static long[] Ends(long length) => [0, 1, 2, length - 3, length - 2, length - 1];

    private static MimeBundle Bundle(string title, List<(string Name, string Value)> facts, string? values)
    {
        var html = new StringBuilder("<div style=\"font:13px/1.5 system-ui,sans-serif\"><strong>").Append(title).Append("</strong> ");
        foreach (var (name, value) in facts)
            html.Append($"<span style=\"display:inline-block;margin-right:14px\"><span style=\"opacity:.65\">{name}</span> {WebUtility.HtmlEncode(value)}</span>");
        if (values is not null)
            html.Append($"<pre style=\"margin:4px 0 0;background:none;color:inherit\">{WebUtility.HtmlEncode(values)}</pre>");
        var text = $"{title} {string.Join(", ", facts.Select(fact => $"{fact.Name} {fact.Value}"))}{(values is null ? "" : "\n" + values)}";
        return new(new JsonObject { ["text/html"] = html.Append("</div>").ToString(), ["text/plain"] = text });
    }
}
