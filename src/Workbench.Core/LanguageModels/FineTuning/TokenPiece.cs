namespace Workbench.LanguageModels.FineTuning;

/// <summary>A stretch of a document: its tokens from <paramref name="Start"/> on are read, and those after each are to be predicted.</summary>
/// <param name="Document">The document.</param>
/// <param name="Start">First token that is read.</param>
/// <param name="Length">Tokens that are read.</param>
/// <param name="FirstTarget">Reading places at the beginning whose prediction does not count: another stretch has predicted it.</param>
internal readonly record struct TokenPiece(TokenDocument Document, int Start, int Length, int FirstTarget)
{
    /// <summary>The token to be predicted at a place, or <see cref="TokenRow.Ignored"/>.</summary>
    public long Target(int place) => place >= FirstTarget && Document.Predicts(Start + place + 1) ? Document.Tokens[Start + place + 1] : TokenRow.Ignored;

    public int CountTargets()
    {
        if (Document.IsTarget is null)
            return Length - FirstTarget;
        int count = 0;
        for (int place = FirstTarget; place < Length; place++)
            count += Document.Predicts(Start + place + 1) ? 1 : 0;
        return count;
    }
}
