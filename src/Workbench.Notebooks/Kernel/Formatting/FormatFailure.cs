using System.Reflection;

namespace Workbench.Notebooks.Kernel.Formatting;

/// <summary>Values that throw while they are shown: the cell goes on and says what happened.</summary>
internal static class FormatFailure
{
    /// <summary>Whether the value's own code failed; an interrupt of the cell is not the value's.</summary>
    public static bool IsOfTheValue(Exception failure) =>
        failure is not (OperationCanceledException or ThreadInterruptedException or ThreadAbortException)
        && failure is not TargetInvocationException { InnerException: OperationCanceledException or ThreadInterruptedException or ThreadAbortException };

    public static string Describe(Exception failure)
    {
        var inner = failure is TargetInvocationException { InnerException: { } thrown } ? thrown : failure;
        return $"{inner.GetType().Name}: {inner.Message}";
    }

    /// <summary>The value by its type and its own text, and why there is no more.</summary>
    public static MimeBundle Show(object value, Exception failure)
    {
        var text = $"{TypeName.Of(value.GetType())} could not be shown: {Describe(failure)}";
        return MimeBundle.Of("text/plain", $"{text}\n{OwnText(value)}", text);
    }

    private static string OwnText(object value)
    {
        try
        {
            return value.ToString() ?? "";
        }
        catch (Exception failure) when (IsOfTheValue(failure))
        {
            return $"(its ToString failed too: {Describe(failure)})";
        }
    }
}
