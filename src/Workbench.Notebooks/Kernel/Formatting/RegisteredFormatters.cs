using System.Text.Json.Nodes;
using Microsoft.DotNet.Interactive.Formatting;

namespace Workbench.Notebooks.Kernel.Formatting;

/// <summary>
/// The formatters of Microsoft.DotNet.Interactive.Formatting. What a cell or a package registered there wins over our
/// own; what the package brings itself comes last.
/// </summary>
internal static class RegisteredFormatters
{
    /// <summary>The forms for which somebody registered a formatter that fits the type; null when nobody did.</summary>
    public static MimeBundle? TryFormat(object value)
    {
        var type = value.GetType();
        var mimeTypes = Formatter.RegisteredFormatters(includeDefaults: false).Where(formatter => Fits(formatter.Type, type)).Select(formatter => formatter.MimeType).ToHashSet();
        if (!HasFormatterSource(type) && PrefersOtherForms(type))
            mimeTypes.UnionWith(Formatter.GetPreferredMimeTypesFor(type));
        return mimeTypes.Count == 0 ? null : Bundle(value, mimeTypes);
    }

    /// <summary>What the type's own formatter source makes, named by an attribute on it; null when it has none.</summary>
    public static MimeBundle? TryFormatBySource(object value) => HasFormatterSource(value.GetType()) ? Fallback(value) : null;

    /// <summary>The package's own way to show anything.</summary>
    public static MimeBundle Fallback(object value) => Bundle(value, Formatter.GetPreferredMimeTypesFor(value.GetType()));

    /// <summary>The value in one form, or null when no formatter makes it.</summary>
    public static string? TryFormat(object value, string mimeType)
    {
        try
        {
            return value.ToDisplayString(mimeType);
        }
        catch (ArgumentException) // how the package says that it has none
        {
            return null;
        }
    }

    private static MimeBundle Bundle(object value, IEnumerable<string> mimeTypes)
    {
        var data = new JsonObject();
        foreach (var mimeType in mimeTypes)
            data[mimeType] = Content(mimeType, value.ToDisplayString(mimeType));
        data.TryAdd("text/plain", value.ToDisplayString("text/plain"));
        return new(data);
    }

    // The protocol carries JSON forms as JSON, not as a text of it.
    private static JsonNode? Content(string mimeType, string text) =>
        mimeType == "application/json" || mimeType.EndsWith("+json", StringComparison.Ordinal) ? JsonNode.Parse(text) : JsonValue.Create(text);

    private static bool Fits(Type registered, Type type)
    {
        if (!registered.IsGenericTypeDefinition)
            return registered.IsAssignableFrom(type);
        for (var level = type; level is not null; level = level.BaseType)
            if (IsOf(level, registered))
                return true;
        return type.GetInterfaces().Any(candidate => IsOf(candidate, registered));
    }

    private static bool IsOf(Type type, Type definition) => type.IsGenericType && type.GetGenericTypeDefinition() == definition;

    // By name: packages may declare an attribute of their own, so that they need no reference.
    private static bool HasFormatterSource(Type type) => type.GetCustomAttributes(inherit: true).Any(attribute => attribute.GetType().Name == nameof(TypeFormatterSourceAttribute));

    private static bool PrefersOtherForms(Type type) =>
        type != typeof(string) && Formatter.GetPreferredMimeTypesFor(type) is var preferred && !(preferred.Count == 1 && preferred.First() == Formatter.DefaultMimeType);
}
