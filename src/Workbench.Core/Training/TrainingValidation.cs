using System.Text.Json;
using Workbench.Distributed;

namespace Workbench.Training;

/// <summary>How a training is judged.</summary>
/// <param name="judge">Measures, with the ranks that share it.</param>
/// <param name="isShared">Whether every rank measures a part and they agree by themselves; else rank 0 measures and tells the others.</param>
internal sealed class TrainingValidation(Func<ICollective, ValidationResult> judge, bool isShared)
{
    /// <summary>The same result on every rank.</summary>
    public ValidationResult Measure(ICollective ranks)
    {
        if (isShared || ranks.Size == 1)
            return judge(ranks);
        string text = TensorExchange.Broadcast(ranks.Rank == 0 ? JsonSerializer.Serialize(judge(ranks), Json) : null, ranks);
        return JsonSerializer.Deserialize<ValidationResult>(text, Json)!;   // written above
    }

    private static JsonSerializerOptions Json { get; } = new() { NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals };
}
