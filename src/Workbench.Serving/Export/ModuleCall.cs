using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using TorchSharp;
using Workbench.Data;

namespace Workbench.Serving.Export;

/// <summary>Calls any module with a list of tensors: its <c>call</c> whose first parameters they fit, the others left out.</summary>
internal static class ModuleCall
{
    /// <summary>What forward returns, tuples and lists taken apart.</summary>
    /// <exception cref="DataException">The module has no call that takes so many tensors.</exception>
    public static IReadOnlyList<torch.Tensor> Run(torch.nn.Module module, IReadOnlyList<torch.Tensor> inputs)
    {
        foreach (var method in module.GetType().GetMethods(BindingFlags.Public | BindingFlags.Instance).Where(method => method.Name == "call").OrderBy(method => method.GetParameters().Length))
            if (Arguments(method.GetParameters(), inputs) is { } arguments)
                return [.. Tensors(method.Invoke(module, BindingFlags.DoNotWrapExceptions, null, arguments, null))];
        throw new DataException(
            $"{module.GetType().Name} has no forward that takes {inputs.Count} tensor(s). Name as many inputs as it takes, or say in {nameof(OnnxExportOptions)}.{nameof(OnnxExportOptions.Forward)} how to call it.");
    }

    // Null when they do not fit. A pair of tensors takes two of them.
    private static object?[]? Arguments(ParameterInfo[] parameters, IReadOnlyList<torch.Tensor> inputs)
    {
        var arguments = new object?[parameters.Length];
        int taken = 0;
        for (int index = 0; index < parameters.Length; index++)
        {
            var type = Nullable.GetUnderlyingType(parameters[index].ParameterType) ?? parameters[index].ParameterType;
            if (type == typeof(torch.Tensor))
                arguments[index] = taken < inputs.Count ? inputs[taken++] : null;
            else if (type == typeof((torch.Tensor, torch.Tensor)) && taken + 1 < inputs.Count)
                arguments[index] = (inputs[taken++], inputs[taken++]);
            else if (type == typeof(bool))
                arguments[index] = parameters[index].HasDefaultValue ? parameters[index].DefaultValue : true;
            else if (parameters[index].HasDefaultValue || Nullable.GetUnderlyingType(parameters[index].ParameterType) is not null)
                arguments[index] = null;
            else
                return null;
        }
        return taken == inputs.Count ? arguments : null;
    }

    private static IEnumerable<torch.Tensor> Tensors(object? result) => result switch
    {
        torch.Tensor tensor => [tensor],
        ITuple tuple => Enumerable.Range(0, tuple.Length).SelectMany(index => Tensors(tuple[index])),
        IEnumerable list => list.Cast<object?>().SelectMany(Tensors),
        _ => throw new DataException($"A forward returned {result?.GetType().Name ?? "null"} where a tensor was expected. Say in {nameof(OnnxExportOptions)}.{nameof(OnnxExportOptions.Forward)} how to call it."),
    };
}
