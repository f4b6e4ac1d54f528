using System.Text.Json;
using Workbench.Drift.Embeddings;
using Workbench.Drift.Text;

namespace Workbench.Reports;

/// <summary>What changed in a text or an embedding; drift.js shows it in the column's view.</summary>
internal static class DriftPageWords
{
    public static void Write(Utf8JsonWriter writer, TextDrift text, DriftPageDetail detail)
    {
        Sentences(writer, detail, text.Sentence, text.Note);
        Words(writer, "wn", text.NewWords, detail);
        Words(writer, "wv", text.VanishedWords, detail);
        Words(writer, "wm", text.MovedWords, detail);
        Pairs(writer, "wl", text.Languages.Select(one => (one.Name, one.ReferenceShare, one.CurrentShare)));
        Pairs(writer, "wc", text.Characters.Select(one => (one.Name, one.ReferenceShare, one.CurrentShare)));
        Pairs(writer, "wk", text.Lengths.Select(one => (one.Name, one.ReferenceMean, one.CurrentMean)));
    }

    public static void Write(Utf8JsonWriter writer, EmbeddingDrift embedding, DriftPageDetail detail)
    {
        Sentences(writer, detail, embedding.Sentence, null);
        writer.WriteStartArray("we");
        foreach (var one in embedding.Components)
        {
            writer.WriteStartArray();
            writer.WriteStringValue(DriftPageDetail.Cut(one.Component, detail.NameLength));
            DriftPageData.Number(writer, one.Distance);
            writer.WriteEndArray();
        }
        writer.WriteEndArray();
    }

    private static void Sentences(Utf8JsonWriter writer, DriftPageDetail detail, string sentence, string? note)
    {
        writer.WriteStartArray("ws");
        foreach (string text in new[] { sentence, note }.OfType<string>())
            writer.WriteStringValue(DriftPageDetail.Cut(text, detail.Words));
        writer.WriteEndArray();
    }

    private static void Words(Utf8JsonWriter writer, string name, IReadOnlyList<WordChange> words, DriftPageDetail detail) =>
        Pairs(writer, name, words.Take(detail.Categories).Select(word => (DriftPageDetail.Cut(word.Word, detail.NameLength), word.ReferenceShare, word.CurrentShare)));

    private static void Pairs(Utf8JsonWriter writer, string name, IEnumerable<(string Name, double Reference, double Current)> pairs)
    {
        var all = pairs.ToList();
        if (all.Count == 0)
            return;
        writer.WriteStartArray(name);
        foreach (var (of, reference, current) in all)
        {
            writer.WriteStartArray();
            writer.WriteStringValue(of);
            DriftPageData.Number(writer, reference);
            DriftPageData.Number(writer, current);
            writer.WriteEndArray();
        }
        writer.WriteEndArray();
    }
}
