namespace Workbench.LanguageModels.FineTuning;

/// <summary>
/// How the messages of a conversation become one text: before each its role, after each an end. Only what the assistant
/// says, with its end, is learned. A model's own Jinja template is not run; choose what comes near it.
/// </summary>
/// <param name="Name">For messages and records.</param>
/// <param name="Before">Before a message; <c>{role}</c> stands for the role, <c>{Role}</c> for it with a capital.</param>
/// <param name="After">After a message.</param>
public sealed record ChatTemplate(string Name, string Before, string After)
{
    private const string Assistant = "assistant";

    /// <summary>"User: ...", "Assistant: ...", a line each: for models that know no marks of a conversation.</summary>
    public static ChatTemplate Plain { get; } = new("plain", "{Role}: ", "\n");

    /// <summary>ChatML, as Qwen and others are taught it.</summary>
    public static ChatTemplate ChatMl { get; } = new("chatml", "<|im_start|>{role}\n", "<|im_end|>\n");

    /// <summary>Llama 3's headers.</summary>
    public static ChatTemplate Llama3 { get; } = new("llama3", "<|start_header_id|>{role}<|end_header_id|>\n\n", "<|eot_id|>");

    /// <summary>The templates there are.</summary>
    public static IReadOnlyList<ChatTemplate> All { get; } = [Plain, ChatMl, Llama3];

    /// <summary>The template whose marks the tokenizer has as tokens; plain when it has none.</summary>
    public static ChatTemplate For(Tokenizer tokenizer) =>
        tokenizer.IdOf("<|im_start|>") is not null ? ChatMl : tokenizer.IdOf("<|start_header_id|>") is not null ? Llama3 : Plain;

    /// <summary>One text of a conversation.</summary>
    /// <param name="messages">Roles such as <c>system</c>, <c>user</c> and <c>assistant</c>, and what they say.</param>
    public TextDocument Apply(IEnumerable<(string Role, string Content)> messages) => new()
    {
        Segments = messages.SelectMany(message => new[]
        {
            new TextSegment(Before.Replace("{role}", message.Role, StringComparison.Ordinal).Replace("{Role}", Capital(message.Role), StringComparison.Ordinal), IsTarget: false),
            new TextSegment(message.Content + After, IsTarget: message.Role == Assistant),
        }).ToList(),
    };

    private static string Capital(string role) => role.Length == 0 ? role : char.ToUpperInvariant(role[0]) + role[1..];
}
