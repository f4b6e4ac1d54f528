using System.Text.Json;
using Workbench.Distributed;

namespace Workbench.Training;

/// <summary>How a training is judged.</summary>
/// <param name="judge">Measures.</param>
/// <param name="isShared">Whether every rank measures a part and they agree by themselves; else rank 0 measures and tells the others.</param>
internal sealed class TrainingValidation(Func<ValidationResult> judge, bool isShared)
{
    /// <summary>The same result on every rank.</summary>
    public ValidationResult Measure(ICollective ranks)
    {
        if (isShared || ranks.Size == 1)
            return judge();
        string text = TensorExchange.Broadcast(ranks.Rank == 0 ? JsonSerializer.Serialize(judge(), Json) : null, ranks);
        return JsonSerializer.Deserialize<ValidationResult>(text, Json)!;   // written above
    }

    private static JsonSerializerOptions Json { get; } = new() { NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals };
}
