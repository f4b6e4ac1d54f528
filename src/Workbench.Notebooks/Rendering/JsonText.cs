using System.Text.Encodings.Web;
using System.Text.Json;

namespace Workbench.Notebooks.Rendering;

/// <summary>JSON for people: letters as they are. Must be encoded before it stands in HTML.</summary>
internal static class JsonText
{
    public static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    public static readonly JsonSerializerOptions Indented = new(Readable) { WriteIndented = true };
}
