/** The hatches and week ticks that lot bars and charts refer to by id. Once per page, before the first bar. */
export function PatternDefs() {
  return (
    <svg className="pattern-defs" aria-hidden="true" focusable="false">
      <defs>
        <pattern id="hx" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect className="hx-bg" width="5" height="5" />
          <path className="hx-line" d="M1 0v5" strokeWidth="1.6" />
        </pattern>
        <pattern id="hxl" width="9" height="9" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect className="hx-bg" width="9" height="9" />
          <path className="hx-line" d="M1.5 0v9" strokeWidth="1.8" />
        </pattern>
        <pattern id="hb" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">
          <path className="hb-line" d="M1 0v5" strokeWidth="1" />
        </pattern>
        <pattern id="wk" width="16" height="8" patternUnits="userSpaceOnUse">
          <path className="wk-line" d="M.5 0v8M4.5 0v4M8.5 0v4M12.5 0v4" />
        </pattern>
        <pattern id="wkn" width="16" height="8" patternUnits="userSpaceOnUse">
          <path className="wkn-line" d="M.5 0v8M4.5 0v4M8.5 0v4M12.5 0v4" />
        </pattern>
      </defs>
    </svg>
  );
}
