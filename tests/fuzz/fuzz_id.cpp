// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/fuzz_input.h"

#include "models/base/id.h"

#include <algorithm>

using namespace counterfoil;

namespace {

// The 32 digits and what else may be a check character.
const QByteArray alphabet("0123456789abcdefghjkmnpqrstvwxyz*~$=u");

// What people paste: any text, against several kinds.
void parseText(QStringView text)
{
    for (const char* const prefix : {"ord", "sku", "case", "hold", "txn"}) {
        const Result<qint64> id = parseId(prefix, text);
        if (!id) {
            require(id.error().code == ErrorCode::InvalidId, "a text that is no id is InvalidId");
            continue;
        }
        require(*id != 0, "no id names nothing");
        require(idPrefix(text) == QLatin1String(prefix), "an accepted id has the prefix it was read with");
        require(std::ranges::all_of(text, [](QChar c) { return c.unicode() < 128; }), "an accepted id is ASCII");
        const QString canonical = formatId(prefix, *id);
        require(parseId(prefix, canonical) == *id, "what is printed reads as the same id");
        require(parseId(prefix, canonical.toUpper()) == *id, "case doesn't matter");
        require(!parseId("item", canonical), "an id of one kind isn't read as another");
    }
}

// A mistyped character: the check character finds every one.
void mistype(qint64 value, std::uint8_t position, std::uint8_t replacement)
{
    const QString text = formatId("ord", value);
    const qsizetype at = 4 + position % 14;
    const bool isCheck = at == 17;
    const QChar other = QLatin1Char(alphabet[replacement % (isCheck ? 37 : 32)]);
    if (value == 0 || text[at] == other) {
        return;
    }
    QString wrong = text;
    wrong[at] = other;
    require(!parseId("ord", wrong), "one mistyped character is found");
    require(parseId("ord", text) == value, "what formatId writes is read");
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const QString text = QString::fromUtf8(inputOf(data, size));
    parseText(text);
    // Also with the check character that fits.
    for (const char check : alphabet) {
        parseText(text + QLatin1Char(check));
    }
    if (size >= 10) {
        quint64 bits = 0;
        for (std::size_t i = 0; i < 8; ++i) {
            bits = bits << 8 | data[i];
        }
        mistype(static_cast<qint64>(bits), data[8], data[9]);
    }
    return 0;
}
